"""不计入的件 and 未审结的异议: the tickets that a month lists beside its rates, each with its reason in words."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, or_, select, union_all
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.date_words import date_text
from assist.domain.rates import Period
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import Status
from assist.models import (
    Clock,
    Enterprise,
    Pause,
    Request,
    Snapshot,
    SnapshotItem,
    Ticket,
    TicketEvent,
    TicketRound,
)
from assist.services import bulk
from assist.services.queries.figures import counting, left_out
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work

OBJECTION = "objection"
ENDS = {
    "withdrawn": Status.WITHDRAWN,
    "declined": Status.DECLINED,
    "merged": Status.MERGED,
}


def write(work: Work, snapshot: Snapshot, period: Period, at: AsOf) -> None:
    """The snapshot's items: what the rates leave out, then the objections that nobody had decided by then."""
    rows = [*_left_out(work, period, at), *_objections(work, period, at)]
    given = [{"snapshot_id": snapshot.id, **row} for row in rows]
    bulk.insert_new(work.session, SnapshotItem, given, SnapshotItem.id)


def _item(what: str, row: Any, reason: str, request_id: int | None = None) -> dict[str, Any]:
    return {
        "what": what,
        "ticket_id": row.id,
        "number": row.number,
        "enterprise": row.enterprise,
        "request_id": request_id,
        "reason": reason[:400],
    }


def _left_out(work: Work, period: Period, at: AsOf) -> Iterator[dict[str, Any]]:
    times = {"start": period.start, "end": period.end, "at": at.at}
    for what in left_out.KINDS:
        seen: set[int] = set()
        for row in work.session.execute(_query(what), times):
            if row.id not in seen:  # taken up again after a review and ended once more
                seen.add(row.id)
                yield _item(what, row, _reason(what, row))


@lru_cache(maxsize=16)
def _query(what: str) -> Any:
    """The tickets left out for one reason with what their reason is read from; the times left open."""
    at = AsOf(counting.time_of("at"), live=False)
    period = Period(counting.time_of("start"), counting.time_of("end"), "")
    columns = [Ticket.id, Ticket.number, Enterprise.name.label("enterprise")]
    query = left_out.rows(what, period, at, *columns).join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    why = _ending(what, at) if what in ENDS else _pause(at) if what == "paused" else None
    return query if why is None else query.add_columns(*why[0]).outerjoin(why[1], why[2])


def _ending(what: str, at: AsOf) -> Any:
    event = aliased(TicketEvent)
    on = and_(
        event.ticket_id == Ticket.id,
        event.new_status == ENDS[what],
        event.old_status != ENDS[what],
        event.at <= at.at,
    )
    return [event.note, event.fields], event, on


def _pause(at: AsOf) -> Any:
    clock, pause = aliased(Clock), aliased(Pause)
    lasting = and_(pause.started_at <= at.at, or_(pause.ended_at.is_(None), pause.ended_at > at.at))
    on = and_(
        pause.clock_id.in_(select(clock.id).where(clock.ticket_id == Ticket.id, clock.kind == "resolution")),
        lasting,
    )
    return [pause.why, pause.started_at], pause, on


def _reason(what: str, row: Any) -> str:
    plain = {
        "unverified": "代录诉求，企业尚未确认内容属实",
        "entered": "代录诉求，不计受理、首次联系、初步意见的及时率",
        "denied": "企业表示没有接到首次联系，不计首次联系及时率",
    }
    if what in plain:
        return plain[what]
    if what == "paused":
        on = local_date(row.started_at) if row.started_at else None
        return f"{row.why}，自{on.year}年{date_text(on, on.year)}起暂停计时" if on else "暂停计时"
    fields = row.fields or {}
    if what == "merged":
        return f"并入 {fields.get('parent', '')}"
    return str(fields.get("reason") or row.note or "")


def _objections(work: Work, period: Period, at: AsOf) -> Iterator[dict[str, Any]]:
    """Asked before, decided after: of these whose time or round belongs to the month."""
    query = (
        select(Ticket.id, Ticket.number, Enterprise.name.label("enterprise"), Request.id.label("request_id"))
        .add_columns(Request.facts, Request.reason, Request.asked_by_name)
        .join(Ticket, Ticket.id == Request.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(
            Request.kind == RequestKind.OBJECTION,
            Request.asked_at <= at.at,
            or_(Request.decided_at.is_(None), Request.decided_at > at.at),
            Request.id.in_(_concerning(period)),
        )
        .order_by(Request.id)
    )
    for row in work.session.execute(query):
        subject = ObjectionSubject.of(row.facts["subject"]).title
        words = f"{row.asked_by_name}对{subject}提出异议（{row.facts['about_words']}）：{row.reason}"
        yield _item(OBJECTION, row, words, row.request_id)


def _concerning(period: Period) -> Any:
    """Objections on tickets of which a time was due or kept, or a rating or return came, in the period."""
    times = select(Request.id).join(Clock, Clock.ticket_id == Request.ticket_id)
    words = select(Request.id).join(TicketRound, TicketRound.ticket_id == Request.ticket_id)
    on = Request.kind == RequestKind.OBJECTION
    return union_all(
        times.where(on, or_(*(_in(period, each) for each in (Clock.counts_at, Clock.original_counts_at)))),
        words.where(on, or_(*(_in(period, each) for each in (TicketRound.rated_at, TicketRound.returned_at)))),
    )


def _in(period: Period, column: Any) -> Any:
    return and_(column >= period.start, column < period.end)
