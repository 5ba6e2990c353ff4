"""What this person can do with a ticket now: the one or two next acts, the rest, and what is blocked and why.

Permission and legality come from `domain.policy`; what else an act needs is checked (and refused) by its service,
and only told beforehand here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assist.domain import policy
from assist.domain.clock import local_date
from assist.domain.policy import Relation, Standing
from assist.domain.status import ClockKind, Status
from assist.domain.transitions import Action
from assist.models import Ticket
from assist.services.closing import RATE_DAYS, REOPEN_DAYS
from assist.services.conversing import MAX_SUPPLEMENTS
from assist.services.work import Work

A = Action
# Acts that are no button of the bar: they happen by themselves, or stand beside what they are about.
ELSEWHERE = frozenset(
    {
        A.OPEN_ANSWER,
        A.VERIFY_ENTRY,
        A.VERIFY_CONTACT,
        A.REASSIGN,
        A.ESCALATE,
        A.LAPSE,
        A.SUPPLEMENT_END,
        A.DECIDE,
        A.REVIEW,
    }
)
OWNER_ORDER: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (
        A.FIRST_RESPONSE,
        A.ACCEPT,
        A.CONTACT,
        A.REQUEST_SUPPLEMENT,
        A.REQUEST,
        A.COMMENT,
    ),
    Status.SUPPLEMENTING: (A.COMMENT, A.REQUEST),
    Status.HANDLING: (
        A.ANSWER,
        A.PROGRESS,
        A.ASSIGN_TASK,
        A.REQUEST,
        A.OPINION,
        A.CONTACT,
        A.COMMENT,
        A.RESUME,
    ),
    Status.ANSWERED: (A.CORRECT_ANSWER, A.COMMENT),
}
CONTACT_ORDER: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (A.COMMENT, A.NUDGE, A.WITHDRAW),
    Status.SUPPLEMENTING: (A.SUPPLEMENT, A.COMMENT, A.WITHDRAW, A.NUDGE),
    Status.HANDLING: (A.COMMENT, A.NUDGE),
    Status.ANSWERED: (A.CONFIRM, A.RETURN, A.COMMENT, A.NUDGE),
    Status.CLOSED: (A.RATE, A.REOPEN),
    Status.DECLINED: (A.REQUEST,),
}


@dataclass(frozen=True)
class Facts:
    """What beside status and relation decides whether an act will be taken."""

    running: frozenset[ClockKind] = frozenset()
    nudged_at: datetime | None = None  # by this person
    is_rated: bool = False
    is_suspended: bool = False
    may_request: bool = False  # some kind of request is open to him
    is_instructed: bool = False  # 批示 that wait for the owner's reply
    open_tasks: tuple[str, ...] = ()  # 市生态环境局（…-01，自11月23日09:30）


@dataclass(frozen=True)
class Acts:
    """`blocked` are sentences: an act that would be this person's, and what it waits for."""

    first: list[Action] = field(default_factory=list)
    more: list[Action] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.first or self.more)


def acts(work: Work, ticket: Ticket, standing: Standing, facts: Facts) -> Acts:
    """The acts open to this person, the next ones first."""
    legal = [action for action in _ordered(standing, facts) if policy.may_act(action, standing)]
    open_ones, blocked = [], []
    for action in legal:
        why = OBSTACLES[action](work, ticket, facts) if action in OBSTACLES else ""
        if not why:
            open_ones.append(action)
        elif why is not SILENT:
            blocked.append(f"{action.title}：{why}")
    return Acts(open_ones[:2], open_ones[2:], blocked)


def _ordered(standing: Standing, facts: Facts) -> list[Action]:
    """Every act of the table in the order in which this person will want it."""
    order: list[Action] = []
    if standing.is_case_owner:
        order += _urgent(standing.status, facts)
        order += OWNER_ORDER.get(standing.status, ())
    if Relation.CONTACT in standing.relations:
        order += CONTACT_ORDER.get(standing.status, ())
    order += [action for action in policy.TICKET_ACTS if action not in (*ELSEWHERE, A.REQUEST)]
    order.append(A.REQUEST)  # of a coordinator or former officer, whose it is only to object
    return list(dict.fromkeys(order))


def _urgent(status: Status, facts: Facts) -> list[Action]:
    """What the running clocks ask for next."""
    if facts.is_suspended:
        return [A.RESUME, A.PROGRESS]
    if status is Status.HANDLING and ClockKind.CONTACT in facts.running:
        return [A.CONTACT]
    if status is Status.HANDLING and ClockKind.OPINION in facts.running:
        return [A.OPINION]
    if status is Status.SUBMITTED and ClockKind.CONTACT not in facts.running:
        return [A.ACCEPT, A.REQUEST_SUPPLEMENT]
    return []


SILENT = " "  # not open and not worth a word


def _needs_contact(work: Work, ticket: Ticket, facts: Facts) -> str:
    return "还没有联系记录，请先与企业联系并登记" if ClockKind.CONTACT in facts.running else ""


def _answer(work: Work, ticket: Ticket, facts: Facts) -> str:
    if facts.open_tasks:
        return f"承办任务还没有办结：{'、'.join(facts.open_tasks)}"
    return _needs_contact(work, ticket, facts)


def _supplement(work: Work, ticket: Ticket, facts: Facts) -> str:
    if ticket.supplement_count >= MAX_SUPPLEMENTS:
        return f"已补正{MAX_SUPPLEMENTS}次"
    return _needs_contact(work, ticket, facts)


def _assign(work: Work, ticket: Ticket, facts: Facts) -> str:
    return SILENT if ticket.is_restricted else ""


def _instruct(work: Work, ticket: Ticket, facts: Facts) -> str:
    return SILENT if ticket.is_restricted else ""


def _reply_instruction(work: Work, ticket: Ticket, facts: Facts) -> str:
    return "" if facts.is_instructed else SILENT


def _nudge(work: Work, ticket: Ticket, facts: Facts) -> str:
    today = local_date(work.now)
    return "今天已催办过，每天可催办一次" if facts.nudged_at and local_date(facts.nudged_at) == today else ""


def _within(work: Work, ticket: Ticket, days: int) -> bool:
    return ticket.closed_at is not None and work.now <= work.settings.calendar.day_due(ticket.closed_at, days)


def _rate(work: Work, ticket: Ticket, facts: Facts) -> str:
    return SILENT if facts.is_rated or not _within(work, ticket, RATE_DAYS) else ""


def _reopen(work: Work, ticket: Ticket, facts: Facts) -> str:
    return (
        ""
        if _within(work, ticket, REOPEN_DAYS)
        else f"办结已超过{REOPEN_DAYS}个工作日，如仍有问题请提交新的诉求"
    )


OBSTACLES: dict[Action, Callable[[Work, Ticket, Facts], str]] = {
    A.REQUEST: lambda work, ticket, facts: "" if facts.may_request else SILENT,
    A.RESUME: lambda work, ticket, facts: "" if facts.is_suspended else SILENT,
    A.ANSWER: _answer,
    A.ASSIGN_TASK: _assign,
    A.REQUEST_SUPPLEMENT: _supplement,
    A.INSTRUCT: _instruct,
    A.REPLY_INSTRUCTION: _reply_instruction,
    A.NUDGE: _nudge,
    A.RATE: _rate,
    A.REOPEN: _reopen,
}
