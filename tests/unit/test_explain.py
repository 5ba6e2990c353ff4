"""为什么是这个时限: the lines that a ticket page shows for each kind of clock."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assist.domain.clock import shanghai
from assist.domain.date_words import runs, runs_text
from assist.domain.deadlines import Budget, after_pause, due
from assist.domain.explain import Move, PauseSpan, explain
from assist.domain.holidays import parse_holidays
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
CALENDAR = WorkCalendar.from_years(
    parse_holidays(json.loads(path.read_text("utf-8"))) for path in sorted(HOLIDAYS.glob("*.json"))
)
FRIDAY = shanghai(2026, 11, 20, 9, 12)
DAYS_15 = Budget.working_days(15)


def told(start: datetime, budget: Budget, label: str, opening: str = "提交") -> list[str]:
    due_at = due(CALENDAR, start, budget)
    return explain(CALENDAR, start, budget, label, due_at, due_at, opening=opening)


def test_a_plain_deadline_is_told_as_one_would_count_it() -> None:
    assert told(FRIDAY, DAYS_15, "复杂事项") == [
        "11月20日（周五）09:12提交，当日不计",
        "复杂事项15个工作日",
        "经过11月21—22日、28—29日、12月5—6日 3个周末",
        "无法定节假日，无暂停，无延期",
        "到期：12月11日17:30",
    ]


def test_holidays_and_make_up_days_are_named() -> None:
    lines = told(shanghai(2026, 9, 30, 9), DAYS_15, "复杂事项")
    assert "经过10月11日、17—18日、24—25日 3个周末" in lines
    assert "法定节假日：10月1—7日 国庆节" in lines
    assert "调休上班：10月10日（周六）" in lines
    assert lines[-2:] == ["无暂停，无延期", "到期：10月27日17:30"]


def test_two_holidays_in_one_stretch_are_both_named() -> None:
    lines = told(shanghai(2025, 9, 30, 9), Budget.working_days(1), "咨询事项")
    assert "法定节假日：10月1—8日 国庆节、中秋节" in lines


def test_a_start_on_a_holiday_says_so() -> None:
    assert told(shanghai(2026, 10, 3, 9), DAYS_15, "复杂事项")[0] == (
        "10月3日（周六）09:00提交，当日为国庆节放假，不计"
    )
    assert told(shanghai(2026, 11, 21, 9), DAYS_15, "复杂事项")[0].endswith("当日为休息日，不计")


def test_what_rests_on_a_provisional_year_is_marked() -> None:
    lines = told(shanghai(2026, 12, 11, 9), DAYS_15, "复杂事项")
    assert "2027年放假安排未公布，暂按法定节假日推算（暂定）" in lines
    assert "法定节假日：2027年1月1日 元旦" in lines
    assert lines[-1] == "到期：2027年1月4日17:30（暂定）"


def test_what_rests_on_an_absent_year_is_marked() -> None:
    lines = told(shanghai(2031, 3, 3, 9), Budget.working_days(1), "咨询事项")
    assert "2031年放假安排未导入，暂按周一至周五上班推算（暂定）" in lines


def test_pauses_are_told_with_what_they_cost() -> None:
    pauses = [
        PauseSpan(shanghai(2026, 11, 23, 9), shanghai(2026, 11, 24, 15), "补正"),
        PauseSpan(shanghai(2026, 11, 25, 9), shanghai(2026, 11, 25, 15), "补正"),
        PauseSpan(shanghai(2026, 11, 26, 9), None, "挂账"),
    ]
    due_at = shanghai(2026, 12, 14, 17, 30)
    lines = explain(CALENDAR, FRIDAY, DAYS_15, "复杂事项", due_at, due_at, (), pauses)
    assert lines[3:] == [
        "补正暂停：11月23日09:00—11月24日15:00，跨1次下班，顺延1个工作日",
        "补正暂停：11月25日09:00—11月25日15:00，未跨下班，不顺延",
        "挂账暂停：自11月26日09:00起，尚未恢复",
        "无法定节假日，无延期",
        "到期：12月14日17:30",
    ]


def test_a_pause_that_began_too_late_is_told_to_cost_nothing() -> None:
    due_at = due(CALENDAR, FRIDAY, Budget.working_days(1))
    pause = PauseSpan(shanghai(2026, 11, 24, 9), shanghai(2026, 11, 26, 9), "补正")
    lines = explain(CALENDAR, FRIDAY, Budget.working_days(1), "初步意见", due_at, due_at, (), [pause])
    assert "补正暂停：11月24日09:00—11月26日09:00，暂停时已过到期时间，不顺延" in lines


def test_a_deferral_is_told_with_its_reason_and_the_original_time() -> None:
    old, new = shanghai(2026, 12, 11, 17, 30), shanghai(2026, 12, 22, 17, 30)
    move = Move(old, new, "延期获批：指标调剂须报省厅", shanghai(2026, 12, 9, 10))
    lines = explain(CALENDAR, FRIDAY, DAYS_15, "复杂事项", new, old, [move])
    assert lines[-4:] == [
        "时限调整：12月9日10:00由12月11日17:30调整为12月22日17:30，原因：延期获批：指标调剂须报省厅",
        "无法定节假日，无暂停",
        "原定到期：12月11日17:30",
        "到期：12月22日17:30",
    ]


def test_an_hour_clock_tells_which_minutes_were_walked() -> None:
    four_hours = Budget.working_minutes(240)
    assert told(shanghai(2026, 11, 20, 16, 30), four_hours, "受理") == [
        "11月20日（周五）16:30提交，即时起算",
        "受理4个工作小时",
        "经过11月21—22日 1个周末",
        "计时：11月20日16:30—17:30（1小时），11月23日08:30—11:30（3小时）",
        "无法定节假日，无暂停，无延期",
        "到期：11月23日11:30",
    ]


def test_an_hour_clock_says_from_when_it_counts() -> None:
    two_hours = Budget.working_minutes(120)
    begun = [
        told(at, two_hours, "首次联系")[0]
        for at in (
            shanghai(2026, 11, 19, 18),
            shanghai(2026, 11, 20, 18),
            shanghai(2026, 11, 20, 12, 30),
            shanghai(2026, 11, 20, 7),
            shanghai(2026, 11, 21, 10),
            shanghai(2026, 10, 5, 10),
        )
    ]
    assert begun == [
        "11月19日（周四）18:00提交，已下班，从次日08:30起算",
        "11月20日（周五）18:00提交，已下班，从11月23日（周一）08:30起算",
        "11月20日（周五）12:30提交，不在办公时间，从14:00起算",
        "11月20日（周五）07:00提交，不在办公时间，从08:30起算",
        "11月21日（周六）10:00提交，当日为休息日，从11月23日（周一）08:30起算",
        "10月5日（周一）10:00提交，当日为国庆节放假，从10月8日（周四）08:30起算",
    ]


def test_a_paused_hour_clock_leaves_the_pause_out_of_its_walk() -> None:
    budget = Budget.working_minutes(120)
    pause = PauseSpan(shanghai(2026, 11, 20, 10), shanghai(2026, 11, 20, 15), "补正")
    start = shanghai(2026, 11, 20, 9)
    due_at = after_pause(
        CALENDAR, due(CALENDAR, start, budget), budget, pause.started_at, shanghai(2026, 11, 20, 15)
    )
    lines = explain(CALENDAR, start, budget, "受理", due_at, due_at, (), [pause])
    assert "计时：11月20日09:00—10:00（1小时），11月20日15:00—16:00（1小时）" in lines
    assert "补正暂停：11月20日10:00—11月20日15:00，其中工作时间3小时，相应顺延" in lines


def test_a_long_walk_is_cut_short() -> None:
    lines = told(FRIDAY, Budget.working_minutes(1800), "受理")
    walk = next(line for line in lines if line.startswith("计时："))
    assert walk.count("（") == 4
    assert walk.endswith("其后按办公时间计至11月26日11:12")


def test_many_weekends_are_counted_and_not_all_listed() -> None:
    lines = told(shanghai(2026, 10, 12, 9), Budget.working_days(50), "疑难事项")
    assert lines[2].endswith("12月5—6日等 10个周末")


def test_clocks_that_ignore_office_hours_say_so() -> None:
    assert told(shanghai(2026, 11, 20, 22, 10), Budget.any_minutes(120), "首次联系（特急）") == [
        "11月20日（周五）22:10提交",
        "首次联系（特急）2小时（不分昼夜）",
        "到期：11月21日00:10",
    ]
    promised = Budget.fixed(shanghai(2026, 11, 25, 17, 30))
    assert told(FRIDAY, promised, "承诺兑现", "承办单位反馈") == [
        "11月20日（周五）09:12承办单位反馈",
        "承诺兑现，以约定的日期为准",
        "到期：11月25日17:30",
    ]


def test_calendar_days_that_end_on_a_day_off_are_told_to_roll_on() -> None:
    lines = told(FRIDAY, Budget.calendar_days(30), "挂账复核", "挂账")
    assert lines[1:] == [
        "挂账复核30个自然日",
        "最后一日12月20日（周日）为休息日，顺延至下一个工作日",
        "到期：12月21日17:30",
    ]


def test_runs_name_a_month_once_and_both_months_when_they_cross() -> None:
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 7), date(2027, 1, 2), date(2027, 1, 3)]
    assert runs_text(runs(days), 2026) == "10月31日—11月1日、7日、2027年1月2—3日"


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minute: shanghai(2025, 1, 1) + timedelta(minutes=minute)),
    st.one_of(
        st.integers(1, 40).map(Budget.working_days),
        st.integers(1, 5000).map(Budget.working_minutes),
        st.integers(1, 60).map(Budget.calendar_days),
    ),
)
def test_every_deadline_ends_with_its_time_and_appeals_to_no_rule(start: datetime, budget: Budget) -> None:
    lines = told(start, budget, "复杂事项")
    assert lines[-1].startswith("到期：")
    assert not any("按规定" in line or "按照规定" in line for line in lines)
    assert all(line == line.strip() and line for line in lines)
