"""本周变化 for a leader: what happened to his enterprises' tickets since Monday, each in a word."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assist.domain.status import CallbackResult, Result
from assist.domain.supervision import SupervisionLevel
from assist.domain.transitions import Action
from assist.models import Enterprise, Ticket, TicketEvent
from assist.services.access import visible
from assist.services.work import Work

A = Action
MOST = 200
# What a leader is told of the week, each by the word that stands before it.
CHANGES: dict[Action, tuple[str, str]] = {
    A.SUBMIT: ("新提交", "inf"),
    A.ANSWER: ("已答复", "ok"),
    A.CONFIRM: ("企业确认", "ok"),
    A.RETURN: ("企业退回", "late"),
    A.REOPEN: ("重新办理", "late"),
    A.LAPSE: ("系统办结", "gr"),
    A.CALLBACK: ("督查回访", "inf"),
    A.WITHDRAW: ("企业撤回", "gr"),
    A.SUPERVISE: ("督办", "late"),
    A.REPLY_INSTRUCTION: ("批示落实", "ok"),
}


@dataclass(frozen=True)
class Change:
    number: str
    title: str
    enterprise: str
    word: str
    more: str
    tone: str
    at: datetime


def changes(work: Work, monday: datetime) -> list[Change]:
    """The newest first. One statement."""
    rows = work.session.execute(
        select(TicketEvent, Ticket.number, Ticket.title, Enterprise.name, Enterprise.short_name)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(
            visible(work.actor),
            Ticket.updated_at >= monday,
            TicketEvent.at >= monday,
            TicketEvent.action.in_(CHANGES),
        )
        .order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
        .limit(MOST)
    )
    return [_change(*row) for row in rows]


def _change(event: TicketEvent, number: str, title: str, name: str, short: str) -> Change:
    word, tone = CHANGES[event.action]
    return Change(number, title, short or name, word, _more(event), tone, event.at)


def _more(event: TicketEvent) -> str:
    """What beside the word matters: how it was confirmed, which level."""
    fields = event.fields
    if event.action is A.CONFIRM and fields.get("result"):
        return Result.of(fields["result"]).title
    if event.action is A.CALLBACK and fields.get("heard"):
        return CallbackResult.of(fields["heard"]).title
    if event.action is A.SUPERVISE:
        return f"{SupervisionLevel.of(fields['level']).title} {fields.get('number', '')}"
    return ""
