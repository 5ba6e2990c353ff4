"""Puts the demo world together: people, then two years of stories, then today's inboxes."""

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.demo import (
    arrivals,
    askings,
    caretaker,
    categories,
    commons,
    eve,
    fates,
    inboxes,
    months,
    overseeing,
    pairings,
    scenes,
    visits,
    words,
)
from assist.demo.case import Case
from assist.demo.papers import Papers
from assist.demo.plan import Plan
from assist.demo.population import Firm, People, Population
from assist.demo.stage import Stage
from assist.demo.stories import problem
from assist.domain.clock import local_date
from assist.domain.errors import Conflict
from assist.models import Account, Message, Ticket, TicketEvent
from assist.models.base import Base
from assist.services.file_store import Store

Report = Callable[[float], None]


@dataclass(frozen=True)
class Made:
    """What was made, for the sentence at the end."""

    enterprises: int
    accounts: int
    tickets: int
    events: int
    messages: int
    unread: int


def check_empty(session: Session) -> None:
    """Raise Conflict when there is something already: a demo world is never mixed with anything."""
    if session.scalar(select(Ticket.id).limit(1)) is not None:
        raise Conflict("数据库里已经有诉求，演示数据只能装入空的数据库。")
    if session.scalar(select(Account.id).limit(1)) is not None:
        raise Conflict("数据库里已经有账号，演示数据只能装入空的数据库。")


def load(
    session: Session, plan: Plan, report: Report = lambda share: None, *, store: Store | None = None
) -> Made:
    """Make the world of a plan in an empty database. `report` is told the share that is done; without a `store` there
    are no files.

    The session must not expire what it commits; this commits by itself, every so many acts.
    """
    check_empty(session)
    with no_collection():
        return _lived(session, plan, report, store)


@contextmanager
def no_collection() -> Iterator[None]:
    """Python looks for no cycles meanwhile: there are hardly any, and it looks through all that lives every time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _lived(session: Session, plan: Plan, report: Report, store: Store | None) -> Made:
    people = Population(session, plan).settle()
    session.commit()
    stage = Stage(session, plan.founded, plan.until)
    for account in people.accounts:
        stage.enters(account)
    stage.papers = Papers(store) if store is not None else None
    stage.time.at = stage.office(plan.founded, 30)
    pairings.at_the_start(stage, people)
    stage.commit()
    stage.start = plan.start
    _plan_stories(stage, people, plan)
    whole = plan.until - plan.start
    stage.run(lambda at: report((at - plan.start) / whole))
    months.write_down(stage, people)
    unread = inboxes.read(stage)
    inboxes.note_logins(stage)
    return _made(session, people, unread)


def _plan_stories(stage: Stage, people: People, plan: Plan) -> None:
    rng = random.Random(f"{plan.seed}:stories")
    caretaker.Alarms(stage)
    stage.plan(stage.office(plan.start), caretaker.evenings(stage))
    stage.plan(stage.office(plan.start, 60), askings.half_days(stage, people))
    stage.plan(stage.office(plan.start, 90), overseeing.mornings(stage, people))
    visits.plan(stage, people, plan.seed)
    pairings.plan(stage, people)
    commons.plan(stage, people)
    eve.plan(stage, people)
    pairings.changes(stage, people, rng)
    count = plan.tickets - scenes.prepare(stage, people, plan)
    spare = pairings.vacant(people)
    calm_from = stage.until - scenes.CALM
    for number, at in enumerate(arrivals.times(rng, stage.calendar, plan.start, plan.until, count)):
        firms = [firm for firm in people.firms if firm is not spare or at < calm_from]
        firm = rng.choices(firms, weights=[firm.liveliness for firm in firms])[0]
        stage.plan(at, problem(_case(stage, people, plan, firm, at, number)))


def _case(stage: Stage, people: People, plan: Plan, firm: Firm, at: datetime, number: int) -> Case:
    rng = random.Random(f"{plan.seed}:ticket:{number}")
    ripeness = (at - plan.start) / (plan.until - plan.start)
    matter = words.matter(rng, categories.choose(rng), firm.name, firm.chain, local_date(at))
    fate = fates.draw(rng, matter, ripeness=ripeness, diligence=firm.diligence)
    return Case(stage, people, firm, matter, fate, rng)


def _made(session: Session, people: People, unread: int) -> Made:
    def count(table: type[Base]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    return Made(
        enterprises=len(people.firms),
        accounts=count(Account),
        tickets=count(Ticket),
        events=count(TicketEvent),
        messages=count(Message),
        unread=unread,
    )
