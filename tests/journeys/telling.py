"""One ticket's story told by many people: each signs in anew, does one thing and is asked what he sees."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind, Verdict
from assist.models import Clock, Message, Ticket
from tests.cast import Cast, Person
from tests.pages import Page

Sweep = Callable[[datetime], dict[str, int]]
PROBLEM = "二期厂房消防验收排队两个月，新设备进不了场，订单要交货。"


@dataclass
class Telling:
    """The world of one story. `number` is the ticket's, once it is there."""

    cast: Cast
    browse: Any
    time: FixedTime
    session: Session
    sweep: Sweep
    number: str = ""
    people: dict[str, Person] = field(default_factory=dict)

    def at(self, month: int, day: int, hour: int, minute: int = 0) -> None:
        """Time goes on to a moment of 2026."""
        moment = shanghai(2026, month, day, hour, minute)
        assert moment >= self.time.at, "a story only goes on"
        self.time.at = moment

    def person(self, name: str) -> Person:
        found = self.people.get(name) or getattr(self.cast, name)
        assert isinstance(found, Person)
        return found

    def sees(self, name: str, address: str, *words: str, not_: tuple[str, ...] = ()) -> Page:
        """What somebody finds at an address; `{no}` stands for the ticket's number."""
        page: Page = self.browse(self.person(name)).get(address.format(no=self.number))
        for word in words:
            assert word in page.text, f"{name} at {address} does not see “{word}”:\n{page.text}"
        for word in not_:
            assert word not in page.text, f"{name} at {address} sees “{word}”"
        return page

    def finds(self, name: str, address: str, word: str, *, leads: str) -> str:
        """The address of the first one of a list that somebody sees there, e.g. `/requests/7`."""
        page = self.sees(name, address, word)
        found = (one for one in page.links.values() if re.fullmatch(re.escape(leads) + r"\d+", one))
        return next(found)

    def cannot_find(self, name: str, address: str) -> None:
        self.browse(self.person(name)).get(address.format(no=self.number), 404)

    def does(self, name: str, address: str, said: str, /, **words: Any) -> Page:
        """Somebody fills in the form at an address; `said` stands on the page he comes to."""
        page: Page = self.browse(self.person(name)).submit(address.format(no=self.number), 200, **words)
        assert said in page.text, f"{name} at {address} is not told “{said}”:\n{page.text}"
        return page

    def presses(self, name: str, address: str, action: str, said: str, **words: Any) -> Page:
        """Somebody sends the form that posts to `action` from a page with several."""
        browser = self.browse(self.person(name))
        page = browser.get(address.format(no=self.number))
        page = browser.send(page, 200, action.format(no=self.number), **words)
        assert said in page.text, f"{name} at {address} is not told “{said}”:\n{page.text}"
        told: Page = page
        return told

    def was_told(self, name: str, *words: str) -> None:
        """Among the messages of somebody there is one whose title has these words."""
        self.session.rollback()
        titles = self.session.scalars(select(Message.title).where(Message.recipient_id == self.person(name).id)).all()
        for word in words:
            assert any(word in title for title in titles), f"{name} was not told “{word}”: {titles}"

    @property
    def ticket(self) -> Ticket:
        self.session.rollback()
        return self.session.scalars(select(Ticket).where(Ticket.number == self.number)).one()

    def verdicts(self, *, of_tasks: bool = False) -> list[tuple[ClockKind, int, Verdict | None]]:
        """(kind, round, verdict) of every clock in the order they began, of the ticket or of its tasks."""
        rows = self.session.scalars(
            select(Clock).where(Clock.ticket_id == self.ticket.id).order_by(Clock.started_at, Clock.id)
        )
        return [
            (row.kind, row.round_no, row.verdict) for row in rows if (row.task_id is not None) == of_tasks
        ]
