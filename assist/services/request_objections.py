"""数据异议: what one may object to on a ticket, and the check of an objection.

An objection points to a clock (card, verdict, responsibility) or to a round (rating, return). Approved it changes no
event and no verdict: the figures read it beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Invalid
from assist.domain.lateness import Bearer, Party, party_of
from assist.domain.rates import month_of
from assist.domain.requests import ObjectionSubject, RequestKind, RequestStatus
from assist.domain.status import ClockHolder, Verdict
from assist.models import Account, Clock, Request, Task, Ticket, TicketRound, Unit
from assist.services.request_checks import Asking, Kept
from assist.services.work import Work

S = ObjectionSubject
OF_CLOCK = frozenset({S.CARD, S.VERDICT, S.RESPONSIBILITY})


@dataclass(frozen=True)
class Target:
    """What may be pointed to: `clock:12` or `round:1`, with its words, and the subjects it can be about."""

    key: str
    words: str
    subjects: frozenset[ObjectionSubject]


def targets(work: Work, ticket: Ticket, task: Task | None = None) -> list[Target]:
    """Everything on the ticket (or of one task) that can be objected to: times first, then rounds. One statement.

    Times are those of the case side and its units that came to a verdict, or whose due time has passed. What belongs to
    a frozen month is no longer among them.
    """
    judged = and_(
        Clock.ticket_id == TicketRound.ticket_id,
        Clock.round_no == TicketRound.no,
        Clock.holder.in_([ClockHolder.OWNER, ClockHolder.UNIT]),
        or_(Clock.verdict == Verdict.MISSED, Clock.verdict == Verdict.MET, Clock.due_at < work.now),
    )
    if task is not None:
        judged = and_(judged, Clock.task_id == task.id)
    query = select(TicketRound, Clock).outerjoin(Clock, judged).where(TicketRound.ticket_id == ticket.id)
    rows = work.session.execute(query.order_by(TicketRound.no, Clock.id)).all()
    found = [_of_clock(work, clock) for _, clock in rows if clock is not None and _is_open(work, clock.counts_at)]
    if task is not None:
        return found
    rounds = {one.no: one for one, _ in rows}
    return [*found, *(target for one in rounds.values() for target in _of_round(work, one))]


def _is_open(work: Work, at: datetime) -> bool:
    """The month it belongs to is not frozen yet."""
    return month_of(at).first_on not in work.settings.frozen_months


def _of_clock(work: Work, clock: Clock) -> Target:
    year = local(work.now).year
    state = clock.verdict.title if clock.verdict else "超期"
    name = f"{clock.kind.title}时限（第{clock.round_no}轮，{moment_text(clock.due_at, year)}到期，{state}）"
    return Target(f"clock:{clock.id}", name, OF_CLOCK)


def _of_round(work: Work, one: TicketRound) -> list[Target]:
    found = []
    if one.rating is not None and one.rated_at is not None and _is_open(work, one.rated_at):
        found.append(Target(f"round:{one.no}", f"第{one.no}轮评价：{one.rating.title}", frozenset({S.RATING})))
    if one.returned_at is not None and _is_open(work, one.returned_at):
        found.append(Target(f"round:{one.no}", f"第{one.no}轮企业退回", frozenset({S.RETURN})))
    return found


def objection(asked: Asking) -> Kept:
    """A subject, what it points to, and why; the same is not objected to twice while it is not decided."""
    subject, about = asked.facts.get("subject"), str(asked.facts.get("about") or "")
    if not isinstance(subject, ObjectionSubject):
        raise Invalid("请选择异议事项。", "subject")
    offered = targets(asked.work, asked.ticket, asked.task)
    target = next((one for one in offered if one.key == about and subject in one.subjects), None)
    if target is None:
        raise Invalid(f"请选择“{subject.title}”所指的具体时限、评价或退回。", "about")
    why = asked.why("理由和依据")
    facts = {"subject": subject.value, "about": about, "about_words": target.words, **_ids(about)}
    if subject is S.RESPONSIBILITY:
        facts |= _named(asked)
    if any((one.get("subject"), one.get("about")) == (facts["subject"], about) for one in _pending(asked)):
        raise Conflict("对这一项的异议已经提出，正在等待审核。")
    return why, facts


def _named(asked: Asking) -> dict[str, str]:
    """Who answers for it instead (`unit:12`, see `domain.lateness`), with his name; need not be said."""
    word = str(asked.facts.get("party") or "")
    if not word:
        return {}
    party = party_of(word)
    name = _name_of(asked.work, party) if party is not None else None
    if name is None:
        raise Invalid("请选择应当负责的一方。", "party")
    return {"party": word, "party_words": name}


def units_of(work: Work, ticket: Ticket) -> dict[int, str]:
    """The units drawn in, by id with their name. One statement; a page that has the tasks knows them already."""
    units = select(Unit).where(Unit.id.in_(select(Task.unit_id).where(Task.ticket_id == ticket.id)))
    return {unit.id: unit.shown for unit in work.session.scalars(units)}


def parties(units: Mapping[int, str]) -> list[tuple[str, str]]:
    """Who may be named instead, with the name: the units drawn in, those who decide, a handover."""
    drawn_in = [(Party(Bearer.UNIT, id).word, name) for id, name in sorted(units.items())]
    holders = (ClockHolder.COORDINATOR, ClockHolder.CITY, ClockHolder.LEADER)
    deciders = [(Party(Bearer.DECIDER, holder=one).word, f"{one.title}（审批）") for one in holders]
    return [*drawn_in, *deciders, (Party(Bearer.HANDOVER).word, Bearer.HANDOVER.title)]


def _name_of(work: Work, party: Party) -> str | None:
    if party.holder is not None:
        return party.holder.title
    if party.id is None:
        return party.bearer.title
    if party.bearer is Bearer.UNIT:
        unit = work.session.get(Unit, party.id)
        return unit.shown if unit is not None else None
    account = work.session.get(Account, party.id)
    return account.name if account is not None else None


def _ids(about: str) -> dict[str, int]:
    """For the figures: which clock or which round."""
    kind, _, number = about.partition(":")
    return {"clock_id" if kind == "clock" else "round_no": int(number)}


def _pending(asked: Asking) -> list[dict[str, Any]]:
    return list(
        asked.work.session.scalars(
            select(Request.facts).where(
                Request.ticket_id == asked.ticket.id,
                Request.kind == RequestKind.OBJECTION,
                Request.status == RequestStatus.PENDING,
            )
        )
    )
