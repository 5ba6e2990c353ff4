"""What the supervisors of the demo world do each morning: callbacks, 督办 from the proposals; and leaders their 批示.

Every chance is drawn from the row's own number, so that no other story of the world changes by it. Of those whose story
is over some say that it is not solved, and the story goes on.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from assist.demo import stories
from assist.demo.askings import heads
from assist.demo.case import DAY_MINUTES
from assist.demo.population import People
from assist.demo.stage import Stage, Story
from assist.domain.clock import local, local_date
from assist.domain.errors import Refused
from assist.domain.status import CallbackReason, CallbackResult, Method, Rating, Status
from assist.domain.supervision import Addressee, SupervisionStatus
from assist.models import Account, Callback, Clock, EnterpriseContact, Instruction, Supervision, Task, Ticket
from assist.models.callback import is_owed
from assist.services import calling_back, instructing, supervising
from assist.services.work import Work

S = SupervisionStatus
MORNING = (10, 20)
CALLED, ISSUED, INSTRUCTED = 0.995, 0.7, 0.004
UNSOLVED = 0.05
HEARD_OUT = frozenset({Status.ANSWERED, Status.CLOSED})
NOT_SOLVED = (
    "企业反映答复的办理时间已过，窗口仍说没有收到材料，问题没有解决。",
    "企业表示答复里说的联系人打不通，事情还在原地，请继续办理。",
    "企业说只解决了一半，剩下的没有人再联系，要求继续办理。",
)
HEARD = {
    CallbackReason.LOW_RATING: (CallbackResult.ACKNOWLEDGED, CallbackResult.PARTLY),
    CallbackReason.WITHDRAWN: (CallbackResult.SOLVED, CallbackResult.ACKNOWLEDGED),
}
SAID = (
    "企业表示问题已经解决，对办理结果没有意见。",
    "企业说明当时没有看到答复，现已知晓，认可办理结果。",
    "企业认为沟通不够及时，结果可以接受，同意办结。",
    "企业表示专员后来又上门一次，情况已经说清楚。",
)
REPLIES = (
    "超期原因：承办部门意见反馈较晚。已于昨日当面协调，材料补齐，三日内答复企业。",
    "已约定现场办公时间，分管负责人带队，办理结果将第一时间告知企业。",
    "前期对接不够紧，已调整专人盯办，每日向企业通报进展。",
)
WORDS = (
    "请有关部门抓紧研究，给企业一个明确答复。",
    "请责任专员盯紧，遇到部门推诿直接报我。",
    "此事关系企业投产，务必按期解决。",
)
DONE = ("已按批示要求协调到位，企业表示满意。", "已召开现场会明确时间表，正按节点推进。")


def mornings(stage: Stage, people: People) -> Story:
    """Once a working day; each row has its own patience."""
    contacts, leaders = _contacts(stage), heads(stage)
    while True:
        _call_back(stage, people, contacts)
        _reply_and_settle(stage, people)
        _propose(stage, people)
        _instruct(stage, leaders)
        yield _next_morning(stage)


def _waits(stage: Stage, since: datetime, rng: Random, days: float) -> bool:
    """Whether its patience is not over yet."""
    patience = min(rng.expovariate(1 / days), 3 * days) * DAY_MINUTES
    return stage.calendar.minutes_between(since, stage.time.at) < patience


def _rows(stage: Stage, query: Any) -> list[Any]:
    with stage.session.no_autoflush:  # what is asked for here is in the database from the moment it is made
        return list(stage.session.execute(query))


def _contacts(stage: Stage) -> dict[int, str]:
    rows = stage.session.execute(
        select(EnterpriseContact.enterprise_id, Account.name)
        .join(Account, Account.id == EnterpriseContact.account_id)
        .where(EnterpriseContact.is_main)
    )
    return {row[0]: row[1] for row in rows}


def _call_back(stage: Stage, people: People, contacts: dict[int, str]) -> None:
    query = select(Callback, Ticket).join(Ticket, Ticket.id == Callback.ticket_id).where(is_owed())
    for row, ticket in _rows(stage, query.order_by(Callback.id)):
        rng = Random(f"{row.id}:callback")
        is_called = rng.random() < CALLED
        if not is_called or _waits(stage, row.owed_at, rng, 1.6):
            continue
        heard = HEARD.get(row.reason, (CallbackResult.SOLVED, CallbackResult.SOLVED))[rng.random() < 0.3]
        rating = rng.choice([Rating.FAIR, Rating.SATISFIED, None]) if ticket.status is Status.ANSWERED else None
        person = contacts.get(ticket.enterprise_id, "企业联系人")
        said = rng.choice(SAID)
        case = people.cases.get(ticket.id)
        if case is not None and case.is_over and ticket.status in HEARD_OUT and rng.random() < UNSOLVED:
            heard, rating, said = CallbackResult.UNSOLVED, None, rng.choice(NOT_SOLVED)
        caller = next(one for one in people.supervisors if one != ticket.owner_id)
        talk = calling_back.Talk(Method.PHONE, person, heard, rating, said)
        with suppress(Refused):
            stage.act(caller, calling_back.callback, ticket, talk)
            if heard is CallbackResult.UNSOLVED and case is not None:
                stage.plan(stage.time.at, stories.heard(case))


def _propose(stage: Stage, people: People) -> None:
    """What is late still is issued mostly, after a day or two; what was made good meanwhile is not followed."""
    query = (
        select(Supervision, Ticket, Clock.stopped_at, Task.number)
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .join(Clock, Clock.id == Supervision.clock_id)
        .outerjoin(Task, Task.id == Supervision.task_id)
        .where(Supervision.status == S.PROPOSED)
        .order_by(Supervision.id)
    )
    for row, ticket, stopped_at, task in _rows(stage, query):
        rng = Random(f"{row.id}:proposal")
        if row.proposed_at is None or _waits(stage, row.proposed_at, rng, 1.2):
            continue
        supervisor = next(one for one in people.supervisors if one != ticket.owner_id)
        verb: Callable[..., None] = _dismiss
        words: tuple[Any, ...] = ("已补办，不再督办，超期结论不变。",)
        if stopped_at is None and rng.random() < ISSUED:
            demand = f"{row.why}。请说明原因，采取措施尽快办理，并书面反馈办理情况和完成时间。"
            verb, words = _issue, (supervising.Order(row.level, row.addressee or Addressee.OWNER, task or "", demand),)
        elif stopped_at is None:
            continue
        with suppress(Refused):
            stage.act(supervisor, verb, ticket, row.id, *words)


def _reply_and_settle(stage: Stage, people: People) -> None:
    query = select(Supervision, Ticket).join(Ticket, Ticket.id == Supervision.ticket_id)
    query = query.where(Supervision.status.in_([S.ISSUED, S.REPLIED])).order_by(Supervision.id)
    for row, ticket in _rows(stage, query):
        rng = Random(f"{row.id}:{row.status.value}")
        if row.status is S.REPLIED:
            if row.replied_at is not None and not _waits(stage, row.replied_at, rng, 0.8):
                with suppress(Refused):
                    stage.act(row.issued_by_id, _accept, ticket, row.id)
            continue
        replier = _replier(stage, people, row, ticket)
        if replier is None or row.issued_at is None or _waits(stage, row.issued_at, rng, 1.1):
            continue
        with suppress(Refused):
            stage.act(replier, _reply, ticket, row.id, rng.choice(REPLIES))


def _replier(stage: Stage, people: People, row: Supervision, ticket: Ticket) -> int | None:
    if row.addressee is Addressee.OWNER:
        return ticket.owner_id
    if row.addressee is Addressee.AREA:
        return people.coordinators.get(ticket.area_id)
    return next((one for one, actor in stage.actors.items() if actor.unit_id == row.unit_id), None)


def _instruct(stage: Stage, leaders: dict[int, int]) -> None:
    """A leader writes on some of what is in handling; the owner answers within days."""
    query = select(Ticket).where(Ticket.status == Status.HANDLING, Ticket.is_restricted.is_(False)).order_by(Ticket.id)
    for (ticket,) in _rows(stage, query):
        rng = Random(f"{ticket.number}:{local_date(stage.time.at)}")
        leader = leaders.get(ticket.enterprise_id)
        if leader is None or rng.random() >= INSTRUCTED:
            continue
        on = local_date(stage.calendar.day_due(stage.time.at, rng.randint(3, 6)))
        with suppress(Refused):
            stage.act(leader, instructing.instruct, ticket, instructing.Given(rng.choice(WORDS), on))
    waits = select(Instruction, Ticket).join(Ticket, Ticket.id == Instruction.ticket_id)
    for row, ticket in _rows(stage, waits.where(Instruction.replied_at.is_(None)).order_by(Instruction.id)):
        rng = Random(f"{row.id}:instruction")
        if ticket.owner_id is not None and not _waits(stage, row.given_at, rng, 2):
            with suppress(Refused):
                stage.act(ticket.owner_id, instructing.reply, ticket, rng.choice(DONE), row.id)


# Services of 督办 find their ticket themselves; the stage wants to be told which it is.


def _issue(work: Work, ticket: Ticket, supervision_id: int, order: supervising.Order) -> None:
    supervising.issue_proposal(work, supervision_id, order)


def _dismiss(work: Work, ticket: Ticket, supervision_id: int, why: str) -> None:
    supervising.dismiss(work, supervision_id, why)


def _reply(work: Work, ticket: Ticket, supervision_id: int, text: str) -> None:
    supervising.reply(work, supervision_id, text)


def _accept(work: Work, ticket: Ticket, supervision_id: int) -> None:
    supervising.accept(work, supervision_id)


def _next_morning(stage: Stage) -> datetime:
    here = local(stage.time.at).replace(hour=MORNING[0], minute=MORNING[1], second=0, microsecond=0)
    following = here + timedelta(days=1)
    while not stage.calendar.is_working(following.date()):
        following += timedelta(days=1)
    return following.astimezone(stage.time.at.tzinfo)
