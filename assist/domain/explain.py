"""为什么是这个时限: a due time told line by line, from where it started to where it ended.

Only words: the due time itself is computed in `deadlines` and handed in. The lines name configured limits and
the calendar; they never appeal to a rule that cannot be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assist.domain.date_words import (
    date_text,
    local_day,
    moment_text,
    runs,
    runs_text,
    time_text,
    weekday_text,
)
from assist.domain.deadlines import Budget, Measure, duration_text
from assist.domain.office_hours import YearStatus
from assist.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MOST_WEEKENDS = 8
_MOST_PIECES = 4
_WORKING = (Measure.WORKING_DAYS, Measure.WORKING_MINUTES)


@dataclass(frozen=True)
class Move:
    """A change of a due time by a decision (a deferral, another difficulty); a pause is a `PauseSpan`."""

    old: datetime
    new: datetime
    why: str
    at: datetime


@dataclass(frozen=True)
class PauseSpan:
    """When the clock stood still; `ended_at` is missing while it still does. `why`: 补正, 挂账 …"""

    started_at: datetime
    ended_at: datetime | None
    why: str


def explain(
    calendar: WorkCalendar,
    started_at: datetime,
    budget: Budget,
    label: str,
    due_at: datetime,
    original_due_at: datetime,
    moves: Sequence[Move] = (),
    pauses: Sequence[PauseSpan] = (),
    *,
    opening: str = "提交",
) -> list[str]:
    """The lines, in the order in which one would count.

    `label` is what the budget is for (复杂事项), `opening` what started the clock (提交, 企业退回, 核发 …).
    """
    year = local_day(started_at).year
    first, last = local_day(started_at), local_day(due_at)
    marks: list[str] = []
    lines = [_start_line(calendar, started_at, budget, opening), _budget_line(budget, label)]
    if budget.measure in _WORKING:
        lines += _rest_lines(calendar, first, last, year)
        lines += _walk_line(calendar, started_at, budget, moves[0].old if moves else due_at, pauses, year)
    if budget.measure is Measure.CALENDAR_DAYS:
        lines += _rolled_line(calendar, first + budget.amount * _DAY, year)
    if budget.measure in (*_WORKING, Measure.CALENDAR_DAYS):
        marks = _year_lines(calendar, started_at, due_at)
    lines += marks
    lines += [_pause_line(calendar, pause, budget, due_at, year) for pause in pauses]
    lines += [_move_line(move, year) for move in moves]
    if budget.measure in _WORKING:
        lines += _absent_line(calendar, first, last, moves, pauses)
    if original_due_at != due_at:
        lines.append(f"原定到期：{moment_text(original_due_at, year)}")
    return [*lines, f"到期：{moment_text(due_at, year)}{'（暂定）' if marks else ''}"]


def _start_line(calendar: WorkCalendar, started_at: datetime, budget: Budget, opening: str) -> str:
    on = local_day(started_at)
    begun = f"{date_text(on, on.year)}（{weekday_text(on)}）{time_text(started_at)}{opening}"
    rest = _rest_name(calendar, on)
    if budget.measure is Measure.WORKING_DAYS:
        return f"{begun}，当日为{rest}，不计" if rest else f"{begun}，当日不计"
    if budget.measure is Measure.WORKING_MINUTES:
        return f"{begun}，{_hours_begin(calendar, started_at, on, rest)}"
    return begun


def _hours_begin(calendar: WorkCalendar, started_at: datetime, on: date, rest: str | None) -> str:
    begins = calendar.working_from(started_at)
    if begins == started_at:
        return "即时起算"
    begins_on = local_day(begins)
    if begins_on == on:
        return f"不在办公时间，从{time_text(begins)}起算"
    day = "次日"
    if begins_on - on != _DAY:
        day = f"{date_text(begins_on, on.year)}（{weekday_text(begins_on)}）"
    return f"{f'当日为{rest}' if rest else '已下班'}，从{day}{time_text(begins)}起算"


def _budget_line(budget: Budget, label: str) -> str:
    return f"{label}，以约定的日期为准" if budget.measure is Measure.FIXED else f"{label}{budget.text}"


def _rest_name(calendar: WorkCalendar, on: date) -> str | None:
    """What kind of day off this is; `None` when it is a working day."""
    if calendar.is_working(on):
        return None
    override = calendar.override_on(on)
    return f"{override.name}放假" if override and override.name else "休息日"


def _days_after(first: date, last: date) -> list[date]:
    return [first + number * _DAY for number in range(1, (last - first).days + 1)]


def _rest_lines(calendar: WorkCalendar, first: date, last: date, year: int) -> list[str]:
    """The weekends, holidays and make-up days after the first day, up to the last."""
    weekends, holidays, made_up = [], [], []
    for on in _days_after(first, last):
        override = calendar.override_on(on)
        if override and not override.is_off and on.weekday() >= 5:
            made_up.append(on)
        elif override and override.is_off:
            holidays.append(on)
        elif not calendar.is_working(on):
            weekends.append(on)
    lines = []
    if weekends:
        spans = runs(weekends)
        shown = runs_text(spans[:_MOST_WEEKENDS], year) + ("等" if len(spans) > _MOST_WEEKENDS else "")
        lines.append(f"经过{shown} {len(spans)}个周末")
    if holidays:
        spans = runs(holidays)
        texts = [f"{runs_text([span], year)} {_names(calendar, span)}" for span in spans]
        lines.append(f"法定节假日：{'；'.join(texts)}")
    if made_up:
        days = "、".join(f"{date_text(on, year)}（{weekday_text(on)}）" for on in made_up)
        lines.append(f"调休上班：{days}")
    return lines


def _names(calendar: WorkCalendar, span: tuple[date, date]) -> str:
    found = (calendar.override_on(on) for on in _days_after(span[0] - _DAY, span[1]))
    return "、".join(dict.fromkeys(override.name or "放假" for override in found if override))


def _walk_line(
    calendar: WorkCalendar,
    started_at: datetime,
    budget: Budget,
    until: datetime,
    pauses: Sequence[PauseSpan],
    year: int,
) -> list[str]:
    """How an hour clock's minutes were walked, without pauses; whole minutes, to add up as shown."""
    if budget.measure is not Measure.WORKING_MINUTES:
        return []
    pieces = []
    begins = started_at
    for pause in sorted(pauses, key=lambda each: each.started_at):
        if pause.ended_at is not None and pause.started_at <= until:
            pieces += calendar.pieces_between(begins, pause.started_at)
            begins = max(begins, pause.ended_at)
    pieces += calendar.pieces_between(begins, until)
    texts = []
    for begins, ends in pieces:
        minutes = _clock_minutes(begins, ends)
        if minutes:
            texts.append(f"{moment_text(begins, year)}—{time_text(ends)}（{duration_text(minutes)}）")
    if len(texts) > _MOST_PIECES:
        texts = [*texts[:_MOST_PIECES], f"其后按办公时间计至{moment_text(until, year)}"]
    return [f"计时：{'，'.join(texts)}"] if texts else []


def _clock_minutes(begins: datetime, ends: datetime) -> int:
    """Minutes between the two as a clock without seconds shows them."""
    return int(ends.timestamp()) // 60 - int(begins.timestamp()) // 60


def _rolled_line(calendar: WorkCalendar, on: date, year: int) -> list[str]:
    rest = _rest_name(calendar, on)
    if not rest:
        return []
    return [f"最后一日{date_text(on, year)}（{weekday_text(on)}）为{rest}，顺延至下一个工作日"]


def _year_lines(calendar: WorkCalendar, started_at: datetime, due_at: datetime) -> list[str]:
    texts = {
        YearStatus.PROVISIONAL: "年放假安排未公布，暂按法定节假日推算（暂定）",
        YearStatus.ABSENT: "年放假安排未导入，暂按周一至周五上班推算（暂定）",
    }
    years = calendar.provisional_years_between(started_at, due_at)
    return [f"{year}{texts[calendar.status_of(year)]}" for year in years]


def _pause_line(calendar: WorkCalendar, pause: PauseSpan, budget: Budget, due_at: datetime, year: int) -> str:
    begun = moment_text(pause.started_at, year)
    if pause.ended_at is None:
        return f"{pause.why}暂停：自{begun}起，尚未恢复"
    return f"{pause.why}暂停：{begun}—{moment_text(pause.ended_at, year)}，" + _pause_effect(
        calendar, pause.started_at, pause.ended_at, budget, is_too_late=pause.started_at > due_at
    )


def _pause_effect(
    calendar: WorkCalendar, paused_at: datetime, resumed_at: datetime, budget: Budget, *, is_too_late: bool
) -> str:
    # A due time that has passed is never moved, so a pause after the present one began too late.
    if is_too_late:
        return "暂停时已过到期时间，不顺延"
    if budget.measure is Measure.WORKING_DAYS:
        closes = calendar.closes_between(paused_at, resumed_at)
        return f"跨{closes}次下班，顺延{closes}个工作日" if closes else "未跨下班，不顺延"
    if budget.measure is Measure.WORKING_MINUTES:
        minutes = calendar.minutes_between(paused_at, resumed_at)
        return f"其中工作时间{duration_text(minutes)}，相应顺延" if minutes else "均不在办公时间，不顺延"
    if budget.measure is Measure.ANY_MINUTES:
        return f"顺延{duration_text((resumed_at - paused_at) // _MINUTE)}"
    return "到期日期不变"


def _move_line(move: Move, year: int) -> str:
    old, new = moment_text(move.old, year), moment_text(move.new, year)
    return f"时限调整：{moment_text(move.at, year)}由{old}调整为{new}，原因：{move.why}"


def _absent_line(
    calendar: WorkCalendar, first: date, last: date, moves: Sequence[Move], pauses: Sequence[PauseSpan]
) -> list[str]:
    """What there was none of, so that nobody has to wonder."""
    days = (calendar.override_on(on) for on in _days_after(first, last))
    has_holidays = any(override is not None and override.is_off for override in days)
    absent = [
        word
        for word, is_there in (("无法定节假日", has_holidays), ("无暂停", pauses), ("无延期", moves))
        if not is_there
    ]
    return ["，".join(absent)] if absent else []
