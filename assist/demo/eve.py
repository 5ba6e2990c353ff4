"""The last afternoon of the demo world: what leaders, supervisors and officers leave for each other to find today.

批示 that wait for their answer, coordination asked of a leader, a problem that an enterprise nudges; the letters that
came back from the seal this morning lie as scans beside their documents.
"""

from contextlib import suppress
from typing import Any

from sqlalchemy import select

from assist.demo.askings import STUCK, heads
from assist.demo.overseeing import WORDS
from assist.demo.population import People
from assist.demo.stage import Stage, Story
from assist.domain.clock import local_date
from assist.domain.errors import Refused
from assist.domain.requests import RequestKind
from assist.domain.status import Status
from assist.models import Supervision, Ticket
from assist.services import document_scans, instructing, requesting
from assist.services.queries.papers import of_case

INSTRUCTED, ASKED = 2, 2  # so many for each of the leaders who are looked at first
LEADERS = 2
SEALED = 4


def plan(stage: Stage, people: People) -> None:
    stage.plan(stage.days_ago(1, 15, 5), afternoon(stage, people))
    stage.plan(stage.days_ago(1, 16, 20), sealed(stage, people))


def sealed(stage: Stage, people: People) -> Story:
    """The latest 督办 letters, scanned with their seal by the first supervisor."""
    query = select(Supervision.id).where(Supervision.number.is_not(None)).order_by(Supervision.id.desc())
    for place, id in enumerate(stage.session.scalars(query.limit(SEALED)).all()):
        if stage.papers is not None:
            work = stage.work(people.supervisors[0])
            scan = stage.papers.sealed(place)
            document_scans.add(work, stage.papers.store, of_case.supervision(work, str(id)), [scan])
            yield stage.office(stage.time.at, 6)


def afternoon(stage: Stage, people: People) -> Story:
    """For the first leaders, and whoever leads the first enterprise's group: what waits for them and from them."""
    of_enterprise = heads(stage)
    first = list(dict.fromkeys([of_enterprise.get(people.firms[0].id), *people.leaders[:LEADERS]]))
    for number, leader in enumerate(one for one in first if one is not None):
        own = _handled(stage, [enterprise for enterprise, head in of_enterprise.items() if head == leader])
        for ticket in own[:INSTRUCTED]:
            on = local_date(stage.calendar.day_due(stage.time.at, 2 + number))
            _do(stage, leader, instructing.instruct, ticket, instructing.Given(WORDS[number % len(WORDS)], on))
            yield stage.office(stage.time.at, 4)
        for ticket in own[INSTRUCTED : INSTRUCTED + ASKED]:
            why, done, who = STUCK[number % len(STUCK)]
            on = local_date(stage.calendar.day_due(stage.time.at, 4))
            facts = {"work_done": done, "who_does": who, "due_on": on}
            owner_id = stage.hands.get(ticket.owner_id or 0, ticket.owner_id)
            _do(stage, owner_id, requesting.ask, ticket, RequestKind.COORDINATION, why, facts)
            yield stage.office(stage.time.at, 3)


def _do(stage: Stage, who: int | None, verb: Any, ticket: Ticket, *words: Any) -> None:
    if who is not None:
        with suppress(Refused):
            stage.act(who, verb, ticket, *words)


def _handled(stage: Stage, enterprise_ids: list[int]) -> list[Ticket]:
    """Their problems in handling, the latest first."""
    query = select(Ticket).where(
        Ticket.enterprise_id.in_(enterprise_ids),
        Ticket.status == Status.HANDLING,
        Ticket.is_restricted.is_(False),
        Ticket.owner_id.is_not(None),
    )
    return list(stage.session.scalars(query.order_by(Ticket.id.desc()).limit(INSTRUCTED + ASKED)))
