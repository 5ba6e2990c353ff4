"""What an enterprise is promised next, in plain sentences: 张建华将在今天16:30前与您联系.

Only words made of running clocks; which clocks run, and until when, is not decided here. The case side reads due
times instead (`deadlines.remaining_text`, `explain`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from assist.domain.date_words import local_day, moment_text, time_text
from assist.domain.status import OWNER_CLOCKS, ClockKind, Status
from assist.domain.workdays import WorkCalendar

LATE = "本件已超过承诺时限，正在督促办理。"
VACANT = "暂无在岗服务专员，已通知助企办尽快安排，办理时限照常计算。"
SUSPENDED = "本件因客观条件暂不具备，暂缓办理（挂账），不计办理时限；条件具备后立即恢复，届时会告知您。"
WAITS = "服务专员已申请延期或暂缓办理，正在审批；未获同意前，原办理时限照旧。"
_STEPS = {
    ClockKind.CONTACT: "与您联系",
    ClockKind.OPINION: "给您初步意见",
    ClockKind.PROGRESS: "向您反馈进展",
}
_NAMELESS_DAYS = {0: "今天", 1: "明天"}


class RunningClock(Protocol):
    """As much of a clock as a promise needs."""

    @property
    def kind(self) -> ClockKind: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def waits_since(self) -> datetime | None: ...


@dataclass(frozen=True)
class Promise:
    """One sentence. `tone` is its colour, `is_provisional` marks a due time in a year without official holidays."""

    text: str
    tone: str = "inf"
    is_provisional: bool = False


def when_text(at: datetime, now: datetime) -> str:
    """今天16:30 · 明天12:00 · 12月11日17:30 · 2027年1月4日17:30"""
    on, today = local_day(at), local_day(now)
    name = _NAMELESS_DAYS.get((on - today) // timedelta(days=1))
    return f"{name}{time_text(at)}" if name else moment_text(at, today.year)


def promises(
    calendar: WorkCalendar,
    now: datetime,
    status: Status,
    officer: str | None,
    clocks: Sequence[RunningClock],
    *,
    is_suspended: bool = False,
) -> list[Promise]:
    """The next step and the end, as of now; a broken promise is said first. Nothing for ended tickets."""
    by_kind = {clock.kind: clock for clock in clocks}
    if status is Status.ANSWERED:
        return [_confirmation(now, by_kind.get(ClockKind.CONFIRMATION))]
    if status not in (Status.SUBMITTED, Status.SUPPLEMENTING, Status.HANDLING):
        return []
    found = [] if officer else [Promise(VACANT, "late")]
    counting = [clock for clock in clocks if clock.kind in OWNER_CLOCKS and clock.paused_at is None]
    if is_suspended:
        found.append(Promise(SUSPENDED, "soon"))
    if any(clock.waits_since is not None for clock in counting):
        found.append(Promise(WAITS, "soon"))
    if any(now > clock.due_at and clock.waits_since is None for clock in counting):
        found.append(Promise(LATE, "late"))
    ahead = sorted((clock for clock in counting if now <= clock.due_at), key=lambda clock: clock.due_at)
    if status is Status.SUPPLEMENTING and ClockKind.SUPPLEMENT in by_kind:
        until = when_text(by_kind[ClockKind.SUPPLEMENT].due_at, now)
        found.append(Promise(f"请您在{until}前补充材料，补正期间办理时限暂停计算。", "soon"))
    step = next((clock for clock in ahead if clock.kind in _STEPS), None)
    if step is not None:
        words = f"{officer or '服务专员'}将在{when_text(step.due_at, now)}前{_STEPS[step.kind]}。"
        found.append(Promise(words, is_provisional=_is_provisional(calendar, step)))
    end = next((clock for clock in ahead if clock.kind is ClockKind.RESOLUTION), None)
    if end is not None:
        words = f"{when_text(end.due_at, now)}前答复办理结果。"
        found.append(Promise(words, is_provisional=_is_provisional(calendar, end)))
    return found


def _is_provisional(calendar: WorkCalendar, clock: RunningClock) -> bool:
    return bool(calendar.provisional_years_between(clock.started_at, clock.due_at))


def _confirmation(now: datetime, clock: RunningClock | None) -> Promise:
    if clock is None:
        return Promise("已答复，请您查看并确认。", "soon")
    return Promise(f"请您在{when_text(clock.due_at, now)}前确认办理结果，逾期未确认系统将办结。", "soon")
