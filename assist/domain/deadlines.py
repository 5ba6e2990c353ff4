"""When something is due: what a time limit consists of, how pauses and deferrals move it, where steps fall.

Generic over `Budget`: which kind of clock has which budget, and which steps there are, is configuration and
lives with the ladder. Working time itself is `workdays`; why a due time is what it is, is `explain`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from assist.domain.day_span import day_date, to_local
from assist.domain.status import Worded
from assist.domain.workdays import WorkCalendar

Tone = Literal["late", "soon", "inf"]

FIRST_MOMENT = timedelta(microseconds=1)
SOON_WORKDAYS = 2
_AT_HAND = timedelta(hours=6)
_HOUR = timedelta(hours=1)


class Measure(Worded):
    """What a budget is counted in; the title is the unit as it is read after the number."""

    WORKING_DAYS = "working_days", "个工作日"
    WORKING_MINUTES = "working_minutes", "分钟工作时间"
    CALENDAR_DAYS = "calendar_days", "个自然日"
    ANY_MINUTES = "any_minutes", "分钟（不分昼夜）"
    FIXED = "fixed", "约定日期"


@dataclass(frozen=True)
class Budget:
    """How long something may take, in exactly one measure; a fixed one names the instant itself."""

    measure: Measure
    amount: int = 0
    fixed_at: datetime | None = None

    def __post_init__(self) -> None:
        is_fixed = self.measure is Measure.FIXED
        if is_fixed != (self.fixed_at is not None):
            raise ValueError("a fixed budget, and only a fixed one, names its instant")
        if is_fixed == (self.amount > 0):
            raise ValueError("a budget that is not fixed has a positive amount, a fixed one has none")

    @classmethod
    def working_days(cls, days: int) -> "Budget":
        return cls(Measure.WORKING_DAYS, days)

    @classmethod
    def working_minutes(cls, minutes: int) -> "Budget":
        return cls(Measure.WORKING_MINUTES, minutes)

    @classmethod
    def calendar_days(cls, days: int) -> "Budget":
        return cls(Measure.CALENDAR_DAYS, days)

    @classmethod
    def any_minutes(cls, minutes: int) -> "Budget":
        """Minutes at any hour, by the plain clock."""
        return cls(Measure.ANY_MINUTES, minutes)

    @classmethod
    def fixed(cls, at: datetime) -> "Budget":
        return cls(Measure.FIXED, fixed_at=at)

    @property
    def text(self) -> str:
        """15个工作日 · 4个工作小时 · 2小时（不分昼夜） · 30个自然日 · 约定日期"""
        if self.measure is Measure.ANY_MINUTES:
            return f"{duration_text(self.amount)}（不分昼夜）"
        if self.measure is Measure.WORKING_MINUTES and self.amount % 60 == 0:
            return f"{self.amount // 60}个工作小时"
        if self.measure is Measure.WORKING_MINUTES:
            return f"{duration_text(self.amount)}工作时间"
        return f"{self.amount or ''}{self.measure.title}"


@dataclass(frozen=True)
class StepOffset:
    """Where a step stands to the due time: working days or minutes of the clock's own kind; − is before.

    With neither it is the first moment after the due time.
    """

    days: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        if self.days and self.minutes:
            raise ValueError("a step is offset by days or by minutes, not by both")


class Remaining(NamedTuple):
    """How a due time reads at some moment, and its colour."""

    text: str
    tone: Tone


def duration_text(minutes: int) -> str:
    """90 → 1小时30分 · 120 → 2小时 · 35 → 35分钟"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"


def due(calendar: WorkCalendar, start: datetime, budget: Budget) -> datetime:
    """When a clock that starts now is due.

    Calendar days end at the close of office of their last day or, when nobody works on it, of the next
    working day.
    """
    if budget.fixed_at is not None:
        return budget.fixed_at
    if budget.measure is Measure.WORKING_DAYS:
        return calendar.day_due(start, budget.amount)
    if budget.measure is Measure.WORKING_MINUTES:
        return calendar.hour_due(start, budget.amount)
    if budget.measure is Measure.CALENDAR_DAYS:
        return calendar.close_on(day_date(to_local(start)[0] + budget.amount))
    return start + timedelta(minutes=budget.amount)


def after_pause(
    calendar: WorkCalendar, due_at: datetime, budget: Budget, paused_at: datetime, resumed_at: datetime
) -> datetime:
    """The due time once a pause is over. One that had passed when the pause began stays.

    A day clock gets one working day for each close of office inside the pause, an hour clock the working
    time, an any-hour clock the plain time. A named date (fixed, calendar days) is not moved by pauses. A
    suspension asked in time and granted after the due time counts from when it was asked: pass that as
    `paused_at`.
    """
    if due_at < paused_at or resumed_at <= paused_at:
        return due_at
    if budget.measure is Measure.WORKING_DAYS:
        return later(calendar, due_at, calendar.closes_between(paused_at, resumed_at))
    if budget.measure is Measure.WORKING_MINUTES:
        return calendar.advance(due_at, calendar.elapsed(paused_at, resumed_at))
    if budget.measure is Measure.ANY_MINUTES:
        return due_at + (resumed_at - paused_at)
    return due_at


def later(calendar: WorkCalendar, due_at: datetime, days: int) -> datetime:
    """So many working days later at the same time of day; a close stays a close when office hours differ."""
    if days <= 0:
        return due_at
    return calendar.day_due(due_at, days) if calendar.is_close(due_at) else calendar.shift_days(due_at, days)


def offset(
    calendar: WorkCalendar, due_at: datetime, started_at: datetime, step_offset: StepOffset, budget: Budget
) -> datetime | None:
    """When a ladder step falls; `None` when that is before the clock started: the step is skipped.

    Days walk working days to the same time of day. Minutes walk the clock's own: plain for an any-hour clock,
    working time for all others.
    """
    if step_offset.days:
        at = calendar.shift_days(due_at, step_offset.days)
    elif not step_offset.minutes:
        at = due_at + FIRST_MOMENT
    elif budget.measure is Measure.ANY_MINUTES:
        at = due_at + timedelta(minutes=step_offset.minutes)
    elif step_offset.minutes > 0:
        at = calendar.hour_due(due_at, step_offset.minutes)
    else:
        at = calendar.minutes_back(due_at, -step_offset.minutes)
    return at if at >= started_at else None


def half_budget(
    calendar: WorkCalendar, due_at: datetime, started_at: datetime, budget: Budget
) -> datetime | None:
    """When half the time from start to due is used up, as it stands now (pauses and deferrals included).

    In working time, so that it falls into office hours; `None` when there is none in between.
    """
    if budget.measure is Measure.ANY_MINUTES:
        return started_at + (due_at - started_at) / 2 if due_at > started_at else None
    worked = calendar.elapsed(started_at, due_at)
    return calendar.advance(started_at, worked / 2) if worked > timedelta(0) else None


def remaining_text(
    calendar: WorkCalendar, now: datetime, due_at: datetime, *, precise: bool = False
) -> Remaining:
    """What a page says beside a due time; `precise` tells the hours of a due time of today (the ticket page).

    还剩2个工作日 · 今日到期 (precise: 17:30前，还剩5小时50分) · 剩42分钟 · 超期35分钟 · 超期1个工作日.
    Hours and minutes are those of the wall clock, days are working days as `workdays_between` counts them.
    """
    (today, _), (due_day, due_micros) = to_local(now), to_local(due_at)
    if now > due_at:
        return Remaining(_late_text(calendar, now, due_at, is_same_day=today == due_day), "late")
    left = due_at - now
    minutes = -(-left // timedelta(minutes=1))
    if left < _HOUR:
        return Remaining(f"剩{max(minutes, 1)}分钟", "soon")
    if today == due_day and not precise:
        return Remaining("今日到期", "soon")
    if today == due_day or left < _AT_HAND:
        hour, minute = divmod(due_micros // 60_000_000, 60)
        return Remaining(f"{hour:02d}:{minute:02d}前，还剩{duration_text(minutes)}", "soon")
    days = calendar.workdays_between(now, due_at)
    text = f"还剩{days}个工作日" if days else "还剩不足1个工作日"
    return Remaining(text, "soon" if days <= SOON_WORKDAYS else "inf")


def _late_text(calendar: WorkCalendar, now: datetime, due_at: datetime, *, is_same_day: bool) -> str:
    past = now - due_at
    if is_same_day or past < _AT_HAND:
        return f"超期{duration_text(max(past // timedelta(minutes=1), 1))}"
    days = calendar.workdays_between(due_at, now)
    return f"超期{days}个工作日" if days else "超期不足1个工作日"
