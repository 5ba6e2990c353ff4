"""时限 of one ticket: every clock with what it says now and why its due time is what it is (为什么是这个时限)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from assist.domain.deadlines import Measure, duration_text, remaining_text
from assist.domain.explain import Move, PauseSpan, explain
from assist.domain.status import TICKET_CLOCKS, ClockKind, RoundStart, Verdict
from assist.domain.workdays import WorkCalendar
from assist.models import Clock, ClockMove, Pause, Ticket
from assist.services import due_times
from assist.services.work import Work

# As they follow each other in life.
ORDER = (
    ClockKind.CONTACT,
    ClockKind.ACCEPTANCE,
    ClockKind.OPINION,
    ClockKind.SUPPLEMENT,
    ClockKind.PROGRESS,
    ClockKind.RESOLUTION,
    ClockKind.CONFIRMATION,
)
OF_ENTERPRISE = frozenset(
    {
        ClockKind.ACCEPTANCE,
        ClockKind.CONTACT,
        ClockKind.OPINION,
        ClockKind.RESOLUTION,
        ClockKind.PROGRESS,
        ClockKind.CONFIRMATION,
        ClockKind.SUPPLEMENT,
    }
)
_OPENINGS = {
    ClockKind.PROGRESS: "起算",
    ClockKind.CONFIRMATION: "企业查看答复或留言",
    ClockKind.SUPPLEMENT: "请企业补正",
    ClockKind.TASK_SIGN: "任务送达单位",
    ClockKind.TASK_REPLY: "任务送达单位",
    ClockKind.TASK_PROMISE: "单位作出承诺",
    ClockKind.DECISION: "责任专员提请",
}
PAUSE_MOVE = "顺延"
WITH_MOVES = (
    select(Clock, ClockMove, Pause)
    .outerjoin(ClockMove, ClockMove.clock_id == Clock.id)
    .outerjoin(Pause, Pause.clock_id == Clock.id)
    .order_by(Clock.id, ClockMove.id, Pause.id)
)
CLOCKS = WITH_MOVES.where(Clock.ticket_id == bindparam("ticket_id"))


@dataclass
class Found:
    """One clock as read: with what moved and what paused it."""

    clock: Clock
    moves: dict[int, ClockMove] = field(default_factory=dict)
    pauses: dict[int, Pause] = field(default_factory=dict)


@dataclass(frozen=True)
class ClockLine:
    """A row of the 时限 table. `why` is told line by line; empty for those long past."""

    kind: ClockKind
    round_no: int
    due_at: datetime
    original_due_at: datetime
    state: str
    tone: str
    is_running: bool
    is_paused: bool
    is_late: bool
    is_provisional: bool
    why: list[str]


@dataclass(frozen=True)
class ClockLines:
    """`now` are the running ones and the last of each kind in this round and the first; `past` the rest.

    `running` and `pauses` are by kind, of the running ones; `merged_due` is the earlier due time a merge brought.
    """

    now: list[ClockLine]
    past: list[ClockLine]
    running: dict[ClockKind, Clock]
    pauses: dict[ClockKind, list[Pause]]
    merged_due: datetime | None = None

    @property
    def pressing(self) -> list[ClockLine]:
        """What is said beside the title: the running clock that is due next, and the resolution's."""
        found = [line for line in self.now if line.is_running and not line.is_paused]
        counting = sorted(found, key=lambda line: line.due_at)
        first = [line for line in counting if line.kind is not ClockKind.RESOLUTION][:1]
        return [*first, *(line for line in counting if line.kind is ClockKind.RESOLUTION)]

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.now if line.is_running)


def read(work: Work, ticket: Ticket) -> list[Found]:
    """All clocks of a ticket, those of its tasks and requests too, with moves and pauses, in one statement."""
    return gathered(work.session.execute(CLOCKS, {"ticket_id": ticket.id}).all())


def gathered(rows: Sequence[Any]) -> list[Found]:
    """Rows of `WITH_MOVES` as one entry a clock."""
    found: dict[int, Found] = {}
    for clock, moved, paused in rows:
        one = found.setdefault(clock.id, Found(clock))
        if moved is not None:
            one.moves[moved.id] = moved
        if paused is not None:
            one.pauses[paused.id] = paused
    return list(found.values())


def lines(
    work: Work,
    ticket: Ticket,
    found: Sequence[Found],
    starts: dict[int, RoundStart],
    *,
    internal: bool,
    waiting: str = "",
) -> ClockLines:
    """The ticket's own clocks as this reader sees them; `starts` says why each round began, `waiting` what is asked."""
    own = [one for one in found if one.clock.kind in TICKET_CLOCKS]
    seen = [one for one in own if internal or one.clock.kind in OF_ENTERPRISE]
    last: dict[tuple[ClockKind, int], int] = {}
    for one in seen:
        last[(one.clock.kind, one.clock.round_no)] = one.clock.id
    shown_rounds = {1, ticket.round_no}
    now: list[ClockLine] = []
    past: list[ClockLine] = []
    for one in seen:
        clock = one.clock
        is_last = last[(clock.kind, clock.round_no)] == clock.id and clock.round_no in shown_rounds
        is_shown = clock.stopped_at is None or (is_last and clock.kind is not ClockKind.PROGRESS)
        (now if is_shown else past).append(line(work, one, starts, with_why=is_shown, waiting=waiting))
    order = {kind: at for at, kind in enumerate(ORDER)}
    now.sort(key=lambda line: (line.round_no, order.get(line.kind, len(order))))
    past.sort(key=lambda line: (line.round_no, line.due_at))
    running = {one.clock.kind: one for one in own if one.clock.stopped_at is None}
    return ClockLines(
        now,
        past,
        {kind: one.clock for kind, one in running.items()},
        {kind: list(one.pauses.values()) for kind, one in running.items()},
        due_times.merged_due(running[ClockKind.RESOLUTION].moves.values()) if ClockKind.RESOLUTION in running else None,
    )


def line(
    work: Work, one: Found, starts: dict[int, RoundStart], *, with_why: bool, waiting: str = ""
) -> ClockLine:
    """One clock as the 时限 table shows it. Nothing is late while it waits for a decision asked in time."""
    clock, calendar = one.clock, work.settings.calendar
    state, tone = _state(calendar, work.now, one)
    if waits := clock.waits_since is not None:
        state, tone = f"{state}，{waiting or '延期待批'}", "soon"
    return ClockLine(
        kind=clock.kind,
        round_no=clock.round_no,
        due_at=clock.due_at,
        original_due_at=clock.original_due_at,
        state=state,
        tone=tone,
        is_running=clock.stopped_at is None,
        is_paused=clock.paused_at is not None,
        is_late=clock.verdict is Verdict.MISSED
        or (clock.stopped_at is None and clock.paused_at is None and not waits and work.now > clock.due_at),
        is_provisional=bool(calendar.provisional_years_between(clock.started_at, clock.due_at)),
        why=_why(calendar, one, starts) if with_why else [],
    )


def _state(calendar: WorkCalendar, now: datetime, one: Found) -> tuple[str, str]:
    """What the clock says and in which colour."""
    clock = one.clock
    if clock.stopped_at is None:
        if clock.paused_at is not None:
            open_pause = next((span for span in one.pauses.values() if span.ended_at is None), None)
            return f"暂停计时（{open_pause.why}）" if open_pause else "暂停计时", "gr"
        left = remaining_text(calendar, now, clock.due_at, precise=True)
        return left.text, left.tone
    if clock.verdict is Verdict.MET:
        return f"按期，{_used(calendar, clock, clock.stopped_at)}", "ok"
    if clock.verdict is Verdict.MISSED:
        return remaining_text(calendar, clock.stopped_at, clock.due_at).text, "late"
    return "不计", "gr"


def _used(calendar: WorkCalendar, clock: Clock, stopped_at: datetime) -> str:
    if clock.measure is Measure.WORKING_MINUTES:
        return f"用时{duration_text(calendar.minutes_between(clock.started_at, stopped_at))}"
    if clock.measure is Measure.ANY_MINUTES:
        return f"用时{duration_text(int((stopped_at - clock.started_at).total_seconds()) // 60)}"
    days = calendar.workdays_between(clock.started_at, stopped_at)
    return f"用时{days}个工作日" if days else "当日完成"


def _opening(clock: Clock) -> str:
    if clock.kind is ClockKind.TASK_REPLY and clock.budget_label:
        return clock.budget_label  # 退回重报
    return _OPENINGS.get(clock.kind, "")


def _why(calendar: WorkCalendar, one: Found, starts: dict[int, RoundStart]) -> list[str]:
    clock = one.clock
    opening = _opening(clock) or starts.get(clock.round_no, RoundStart.SUBMIT).title
    return explain(
        calendar,
        clock.started_at,
        clock.budget,
        clock.budget_label or clock.kind.title,
        clock.due_at,
        clock.original_due_at,
        # What a pause moved is told with the pause itself.
        [
            Move(row.old_due_at, row.new_due_at, row.why, row.at)
            for row in one.moves.values()
            if not row.why.endswith(PAUSE_MOVE)
        ],
        [PauseSpan(row.started_at, row.ended_at, row.why) for row in one.pauses.values()],
        opening=opening,
    )
