"""What must hold for every ticket beside its chain: its clocks run, its mirrors are true, its owner is the paired one.

Each promise is one SELECT of the tickets that break it. Imported history has a resolution clock only.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import Session, aliased

from assist.domain.ladder import OUTLIVES_TICKET
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ENDED, OWNER_CLOCKS, ClockKind, Status
from assist.domain.supervision import SupervisionStatus
from assist.domain.tasks import TASK_ENDED, TASK_OPEN
from assist.models import (
    Callback,
    Clock,
    Instruction,
    Pairing,
    Request,
    Supervision,
    Task,
    Ticket,
)
from assist.models.callback import is_owed
from assist.models.ticket import is_open
from assist.services.anchoring import Fault

K, S = ClockKind, Status
NEEDED: dict[Status, tuple[ClockKind, ...]] = {
    S.SUBMITTED: (K.ACCEPTANCE, K.OPINION, K.RESOLUTION),
    S.SUPPLEMENTING: (K.ACCEPTANCE, K.OPINION, K.RESOLUTION, K.SUPPLEMENT),
    S.HANDLING: (K.RESOLUTION, K.PROGRESS),
}
MOST = 50


def broken(session: Session) -> Iterator[Fault]:
    """The tickets that break a promise, at most fifty of each kind."""
    for sentence, query in _promises():
        for number in session.scalars(query.order_by(Ticket.id).limit(MOST)):
            yield Fault(number, sentence)


def _promises() -> Iterator[tuple[str, Select[str]]]:
    numbers = select(Ticket.number)
    for status, kinds in NEEDED.items():
        for kind in kinds:
            missing = numbers.where(Ticket.status == status, ~_runs(Clock.kind == kind))
            if kind is K.ACCEPTANCE:
                missing = missing.where(~_declining())
            if kind is not K.RESOLUTION:
                missing = missing.where(Ticket.is_imported.is_(False))
            yield f"“{status.title}”却没有在走的{kind.title}时限。", missing
    yield (
        "已答复，却还有责任专员的时限在走。",
        numbers.where(Ticket.status == S.ANSWERED, _runs(Clock.kind.in_(OWNER_CLOCKS))),
    )
    yield (
        "已答复或已结束，却还有没有办结的承办任务。",
        numbers.where(
            Ticket.status.in_({S.ANSWERED, *ENDED}),
            exists().where(Task.ticket_id == Ticket.id, Task.status.in_(TASK_OPEN)),
        ),
    )
    yield "承办任务已结束，却还有时限在走。", _ended_tasks_running()
    yield (
        "已结束，却还有时限在走。",
        numbers.where(Ticket.status.in_(ENDED), _runs(Clock.kind.not_in(OUTLIVES_TICKET))),
    )
    yield "有申请待审批却没有审批时限，或已审批却还有审批时限在走。", _undecided()
    yield "登记的挂账与申请不一致。", _wrongly_suspended()
    yield "待回访却没有在走的回访时限，或没有待回访却还有回访时限在走。", _wrong_callback()
    yield "督办待反馈却没有在走的反馈时限，或不待反馈却还有。", _wrong_supervision()
    yield "批示待落实却没有在走的落实时限，或已落实却还有。", _wrong_instruction()
    yield "登记的办结时限与时限表不一致。", _wrong_due()
    yield "登记的最近时限与时限表不一致。", _wrong_next_due()
    yield "责任专员不是企业现在结对的专员。", _wrong_owner()


def _declining() -> ColumnElement[bool]:
    """不予受理 is asked: that has stopped the acceptance."""
    return exists().where(
        Request.ticket_id == Ticket.id,
        Request.kind == RequestKind.DECLINE,
        Request.status == RequestStatus.PENDING,
    )


def _undecided() -> Select[str]:
    """A pending request without its decision's clock, or a decision owed for what is not pending."""
    has_clock = exists().where(
        Clock.request_id == Request.id, Clock.kind == K.DECISION, Clock.stopped_at.is_(None)
    )
    is_pending = Request.status == RequestStatus.PENDING
    return (
        select(Ticket.number)
        .join(Request, Request.ticket_id == Ticket.id)
        .where(or_(and_(is_pending, ~has_clock), and_(~is_pending, has_clock)))
    )


def _wrongly_suspended() -> Select[str]:
    """Suspended and nobody granted it, or granted, not ended, and not suspended."""
    lasts = exists().where(
        Request.ticket_id == Ticket.id,
        Request.kind == RequestKind.SUSPENSION,
        Request.status == RequestStatus.APPROVED,
        Request.ended_at.is_(None),
    )
    suspended = Ticket.suspended_at.is_not(None)
    return select(Ticket.number).where(or_(and_(suspended, ~lasts), and_(~suspended, lasts)))


def _runs(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Clock.ticket_id == Ticket.id, Clock.stopped_at.is_(None), condition)


def _ended_tasks_running() -> Select[str]:
    return (
        select(Ticket.number)
        .join(Task, Task.ticket_id == Ticket.id)
        .where(
            Task.status.in_(TASK_ENDED),
            exists().where(
                Clock.ticket_id == Task.ticket_id, Clock.task_id == Task.id, Clock.stopped_at.is_(None)
            ),
        )
    )


def _wrong_callback() -> Select[str]:
    """A callback is owed exactly as long as its clock runs."""
    owed = exists().where(Callback.ticket_id == Ticket.id, is_owed())
    runs = _runs(Clock.kind == K.CALLBACK)
    return select(Ticket.number).where(or_(and_(owed, ~runs), and_(~owed, runs)))


def _wrong_supervision() -> Select[str]:
    """A reply is owed exactly as long as its clock runs."""
    runs = exists().where(Clock.supervision_id == Supervision.id, Clock.stopped_at.is_(None))
    asked = Supervision.status == SupervisionStatus.ISSUED
    query = select(Ticket.number).join(Supervision, Supervision.ticket_id == Ticket.id)
    return query.where(or_(and_(asked, ~runs), and_(~asked, runs)))


def _wrong_instruction() -> Select[str]:
    runs = exists().where(Clock.instruction_id == Instruction.id, Clock.stopped_at.is_(None))
    waits = Instruction.replied_at.is_(None)
    query = select(Ticket.number).join(Instruction, Instruction.ticket_id == Ticket.id)
    return query.where(or_(and_(waits, ~runs), and_(~waits, runs)))


def _wrong_due() -> Select[str]:
    resolution = aliased(Clock)
    return (
        select(Ticket.number)
        .outerjoin(
            resolution,
            and_(
                resolution.ticket_id == Ticket.id,
                resolution.kind == K.RESOLUTION,
                resolution.stopped_at.is_(None),
                resolution.paused_at.is_(None),
            ),
        )
        .where(Ticket.due_at.is_distinct_from(resolution.due_at))
    )


def _wrong_next_due() -> Select[str]:
    counting = (
        select(Clock.ticket_id, func.min(Clock.due_at).label("due_at"))
        .where(Clock.kind.in_(OWNER_CLOCKS), Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
        .group_by(Clock.ticket_id)
        .subquery()
    )
    expected = case((Ticket.status == S.ANSWERED, null()), else_=counting.c.due_at)
    return (
        select(Ticket.number)
        .outerjoin(counting, counting.c.ticket_id == Ticket.id)
        .where(Ticket.next_due_at.is_distinct_from(expected))
    )


def _wrong_owner() -> Select[str]:
    active = aliased(Pairing)
    return (
        select(Ticket.number)
        .outerjoin(active, and_(active.enterprise_id == Ticket.enterprise_id, active.ended_at.is_(None)))
        .where(
            is_open(),
            Ticket.is_restricted.is_(False),
            or_(Ticket.is_imported.is_(False), Ticket.owner_id.is_not(None)),
            Ticket.owner_id.is_distinct_from(active.officer_id),
        )
    )
