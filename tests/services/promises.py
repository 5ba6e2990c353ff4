"""The promises of the road, each as a check of one ticket against its rows: for tests that act at random."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.rates import Rate, month
from assist.domain.requests import SPECS, WAITING, RequestKind, RequestStatus
from assist.domain.status import OPEN, TICKET_CLOCKS, ClockKind, Status
from assist.domain.supervision import SupervisionStatus
from assist.models import (
    Callback,
    Clock,
    ClockMove,
    Instruction,
    Pairing,
    Request,
    Supervision,
    Ticket,
    TicketEvent,
    TicketRound,
)
from assist.models.callback import is_owed
from assist.services import access, transitions
from assist.services.queries import ticket_page
from assist.services.queries.figures import counting
from assist.services.queries.figures.own_lateness import Late, own_late
from assist.services.queries.figures.recount import recount
from assist.services.queries.figures.recount_course import RECOUNTED, recount_all
from assist.services.queries.figures.recount_lateness import recount_lateness
from tests.make import Make

K = ClockKind


def always(ticket: Ticket) -> set[ClockKind]:
    """The clocks that must run in a status, those that may aside (`sometimes`)."""
    if ticket.status is Status.SUBMITTED:
        return {K.ACCEPTANCE, K.OPINION, K.RESOLUTION}
    if ticket.status is Status.SUPPLEMENTING:
        return {K.ACCEPTANCE, K.OPINION, K.RESOLUTION, K.SUPPLEMENT}
    return {K.RESOLUTION, K.PROGRESS} if ticket.status is Status.HANDLING else set()


CALLED_ABOUT = {Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN}
SOMETIMES = {
    Status.SUBMITTED: {K.CONTACT},
    Status.HANDLING: {K.CONTACT, K.OPINION},
    Status.ANSWERED: {K.CONFIRMATION},
}


def owner_is_who_it_must_be(session: Session, ticket: Ticket, named: int) -> None:
    """The active officer, the person named for a restricted matter, or nobody; at most one active officer."""
    if ticket.status in OPEN and ticket.is_restricted:
        assert ticket.owner_id == named
    elif ticket.status in OPEN:
        active = session.scalars(
            select(Pairing.officer_id).where(
                Pairing.enterprise_id == ticket.enterprise_id, Pairing.ended_at.is_(None)
            )
        ).all()
        assert len(active) <= 1
        assert ticket.owner_id == (active[0] if active else None)


def clocks_are_those_of_the_status(session: Session, ticket: Ticket) -> None:
    running = session.scalars(
        select(Clock).where(
            Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None), Clock.kind.in_(TICKET_CLOCKS)
        )
    ).all()
    kinds = {clock.kind for clock in running}
    needed = always(ticket)
    is_declining = _pending(session, ticket, RequestKind.DECLINE)
    if is_declining:
        needed -= {K.ACCEPTANCE}
        assert K.ACCEPTANCE not in kinds
    owed = session.scalars(select(Callback).where(Callback.ticket_id == ticket.id, is_owed())).one_or_none()
    assert (owed is not None) == (K.CALLBACK in kinds)
    assert owed is None or ticket.status in CALLED_ABOUT
    assert needed <= kinds - {K.CALLBACK} <= needed | SOMETIMES.get(ticket.status, set())
    for clock in running:
        assert clock.counts_at == clock.due_at
        if clock.paused_at is not None:
            assert (
                ticket.status is Status.SUPPLEMENTING
                or (is_declining and clock.kind in (K.OPINION, K.RESOLUTION))
                or (ticket.suspended_at is not None and clock.kind in (K.RESOLUTION, K.PROGRESS))
            )
            assert clock.next_fire_at is None
    resolution = next(
        (clock for clock in running if clock.kind is K.RESOLUTION and not clock.paused_at), None
    )
    assert ticket.due_at == (resolution.due_at if resolution else None)


def _pending(session: Session, ticket: Ticket, kind: RequestKind) -> bool:
    query = select(Request.id).where(
        Request.ticket_id == ticket.id, Request.kind == kind, Request.status == RequestStatus.PENDING
    )
    return session.scalar(query) is not None


def every_decision_is_owed_once(session: Session, ticket: Ticket) -> None:
    """A pending request has its decision's clock and its status; a suspension that lasts has its review's."""
    owed = {
        clock.request_id: clock.kind
        for clock in session.scalars(
            select(Clock).where(
                Clock.ticket_id == ticket.id, Clock.request_id.is_not(None), Clock.stopped_at.is_(None)
            )
        )
    }
    requests = session.scalars(select(Request).where(Request.ticket_id == ticket.id)).all()
    needed = {one.id: K.DECISION for one in requests if one.status is RequestStatus.PENDING}
    lasting = [
        one
        for one in requests
        if one.kind is RequestKind.SUSPENSION
        and one.status is RequestStatus.APPROVED
        and one.ended_at is None
    ]
    assert owed == {**needed, **{one.id: K.REVIEW for one in lasting}}
    assert (ticket.suspended_at is not None) == (len(lasting) == 1)
    for one in requests:
        if one.status is RequestStatus.PENDING and one.task_id is None:
            assert ticket.status in SPECS[one.kind].statuses, one.kind
        assert one.decided_by_id is None or one.decided_by_id != one.asked_by_id
    waits = session.scalars(
        select(Clock).where(Clock.ticket_id == ticket.id, Clock.waits_since.is_not(None))
    ).all()
    asked = {one.kind for one in requests if one.status is RequestStatus.PENDING}
    assert not waits or asked & WAITING


def what_is_demanded_is_owed_once(session: Session, ticket: Ticket) -> None:
    """A reply is owed exactly while a 督办 is issued or a 批示 unanswered; one proposal, numbers without a gap."""
    running = session.scalars(
        select(Clock).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None))
    ).all()
    rows = session.scalars(select(Supervision).where(Supervision.ticket_id == ticket.id)).all()
    asked = {one.id for one in rows if one.status is SupervisionStatus.ISSUED}
    assert {clock.supervision_id for clock in running if clock.supervision_id is not None} == asked
    assert len([one for one in rows if one.status is SupervisionStatus.PROPOSED]) <= 1
    for one in rows:
        assert one.settled_by_id is None or one.settled_by_id not in (one.account_id, one.replied_by_id)
    said = session.scalars(select(Instruction).where(Instruction.ticket_id == ticket.id)).all()
    waits = {one.id for one in said if one.replied_at is None}
    assert {clock.instruction_id for clock in running if clock.instruction_id is not None} == waits
    given = session.scalars(select(Supervision.number).where(Supervision.number.is_not(None))).all()
    by_series: dict[str, list[int]] = {}
    for number in given:
        series, place = (number or "").split("〕")
        by_series.setdefault(series, []).append(int(place.removesuffix("号")))
    for places in by_series.values():
        assert sorted(places) == list(range(1, len(places) + 1))


def events_replay_to_the_present(session: Session, ticket: Ticket) -> None:
    events = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.seq)
    ).all()
    head, status, columns = "", None, {}
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.prev_hash, event.old_status) == (number, head, status)
        head = transitions.event_hash(head, transitions.covered(event))
        assert event.hash == head
        status = event.new_status
        columns.update(
            {
                name: pair[1]
                for name, pair in event.fields.items()
                if isinstance(pair, list) and len(pair) == 2
            }
        )
    assert (ticket.event_seq, ticket.head_hash, ticket.status) == (
        len(events),
        head,
        status,
    )
    for name in ("owner_id", "round_no", "category_id", "supplement_count"):
        if name in columns:
            assert getattr(ticket, name) == columns[name]


def no_passed_due_time_has_moved(session: Session, ticket: Ticket) -> None:
    moves = session.execute(
        select(ClockMove, Clock)
        .join(Clock, Clock.id == ClockMove.clock_id)
        .where(Clock.ticket_id == ticket.id)
    )
    for move, clock in moves:
        assert move.new_due_at != move.old_due_at or move.new_original_due_at != move.old_original_due_at
        if not move.why.endswith(("顺延", "次延期")):
            assert move.at <= move.old_due_at, (clock.kind, move.why)


def no_one_rated_what_he_handled(session: Session, ticket: Ticket, contact_id: int) -> None:
    rounds = session.scalars(select(TicketRound).where(TicketRound.ticket_id == ticket.id)).all()
    assert len([one for one in rounds if one.result is None and one.returned_at is None]) == (
        0 if ticket.status in (Status.CLOSED,) else 1
    )
    events = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).all()
    handlers = {event.actor_id for event in events if event.action.value in ("accept", "contact", "answer")}
    for event in events:
        if event.action.value in ("confirm", "rate", "return", "reopen"):
            assert event.actor_id == contact_id
        if event.action.value == "callback":
            assert event.actor_id not in handlers


def figures_equal_their_recount(make: Make) -> None:
    """The fast figures of every month, against the events told again one by one."""
    work = make.work(make.cast.wang)
    slow = recount_all(work)
    assert slow
    for year, number in {at for _, at in slow}:
        rates = counting.rates(work, RECOUNTED, [month(year, number)], counting.as_of(work))[0]
        for key in RECOUNTED:
            assert rates[key] == slow.get((key, (year, number)), Rate(0, 0)), (key, year, number)


def lateness_is_told_alike(make: Make) -> None:
    """Whose each missed time is: by the figures, by the events told again, and on the ticket's own page."""
    work = make.work(make.cast.wang)
    slow = recount_lateness(work)
    fast: list[Late] = []
    for year, number in {at for _, at in recount(work)} | set(slow):
        found = own_late(work, "on_time", month(year, number), counting.as_of(work)).lates
        told = Counter(one.party.word for one in found)
        again = slow.get((year, number), Counter())
        assert told == again, (year, number, told - again, again - told)
        fast += found
    whose = {one.clock_id: one.party for one in fast}
    for ticket in work.session.scalars(select(Ticket)).all():
        page = ticket_page.load(work, access.ticket(work, ticket.number)).responsibility
        assert page is not None
        assert page.days == sum(one.days for one in page.parts)
        for one in page.late:
            assert one.party == whose.get(one.clock_id, one.party), ticket.number
