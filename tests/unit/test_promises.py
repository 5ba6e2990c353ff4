"""What an enterprise is promised, and where its ticket stands on the road."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from assist.domain.clock import shanghai
from assist.domain.promises import LATE, VACANT, promises, when_text
from assist.domain.road import road
from assist.domain.status import ClockKind, Status
from assist.domain.workdays import WorkCalendar

CALENDAR = WorkCalendar()
NOW = shanghai(2026, 11, 23, 9, 30)


@dataclass
class Running:
    kind: ClockKind
    due_at: datetime
    started_at: datetime = NOW
    paused_at: datetime | None = None
    waits_since: datetime | None = None


CONTACT = Running(ClockKind.CONTACT, shanghai(2026, 11, 23, 11, 30))
OPINION = Running(ClockKind.OPINION, shanghai(2026, 11, 24, 17, 30))
RESOLUTION = Running(ClockKind.RESOLUTION, shanghai(2026, 12, 2, 17, 30))


def told(status: Status, officer: str | None, *clocks: Running, now: datetime = NOW) -> list[str]:
    return [promise.text for promise in promises(CALENDAR, now, status, officer, clocks)]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (shanghai(2026, 11, 23, 16, 30), "今天16:30"),
        (shanghai(2026, 11, 24, 12), "明天12:00"),
        (shanghai(2026, 12, 11, 17, 30), "12月11日17:30"),
        (shanghai(2027, 1, 4, 17, 30), "2027年1月4日17:30"),
        (shanghai(2026, 11, 22, 17, 30), "11月22日17:30"),
    ],
)
def test_a_moment_is_named_as_one_would_say_it(at: datetime, words: str) -> None:
    assert when_text(at, NOW) == words


def test_the_next_step_and_the_end_are_promised() -> None:
    assert told(Status.SUBMITTED, "张三", OPINION, RESOLUTION, CONTACT) == [
        "张三将在今天11:30前与您联系。",
        "12月2日17:30前答复办理结果。",
    ]


def test_a_broken_promise_is_said_first_and_not_made_again() -> None:
    late = told(Status.SUBMITTED, "张三", CONTACT, OPINION, RESOLUTION, now=shanghai(2026, 11, 23, 15))
    assert late == [LATE, "张三将在明天17:30前给您初步意见。", "12月2日17:30前答复办理结果。"]


def test_a_vacancy_is_said_and_the_time_runs_on() -> None:
    assert told(Status.SUBMITTED, None, CONTACT)[0] == VACANT
    assert told(Status.SUBMITTED, None, CONTACT)[1] == "服务专员将在今天11:30前与您联系。"


def test_while_supplementing_the_enterprise_is_asked_and_paused_clocks_are_silent() -> None:
    paused = Running(ClockKind.RESOLUTION, RESOLUTION.due_at, paused_at=NOW)
    asked = Running(ClockKind.SUPPLEMENT, shanghai(2026, 11, 30, 17, 30))
    assert told(Status.SUPPLEMENTING, "张三", paused, asked) == [
        "请您在11月30日17:30前补充材料，补正期间办理时限暂停计算。"
    ]


def test_an_answer_waits_for_the_enterprise() -> None:
    assert told(Status.ANSWERED, "张三") == ["已答复，请您查看并确认。"]
    until = Running(ClockKind.CONFIRMATION, shanghai(2026, 11, 30, 17, 30))
    assert told(Status.ANSWERED, "张三", until) == [
        "请您在11月30日17:30前确认办理结果，逾期未确认系统将办结。"
    ]


def test_an_ended_ticket_promises_nothing() -> None:
    assert told(Status.CLOSED, "张三") == []


def test_a_due_time_in_a_year_without_official_holidays_is_provisional() -> None:
    end = Running(ClockKind.RESOLUTION, shanghai(2027, 1, 4, 17, 30))
    assert promises(CALENDAR, NOW, Status.HANDLING, "张三", [end])[0].is_provisional


def states(status: Status, *, was_accepted: bool = True) -> list[tuple[str, str]]:
    return [(stage.label, stage.state) for stage in road(status, was_accepted=was_accepted)]


def test_the_road_marks_what_is_behind_and_names_where_it_stands() -> None:
    assert states(Status.SUPPLEMENTING, was_accepted=False)[:3] == [
        ("已提交", "done"),
        ("待补正", "now"),
        ("办理中", "todo"),
    ]
    assert [state for _, state in states(Status.ANSWERED)] == ["done", "done", "done", "now", "todo"]
    assert {state for _, state in states(Status.CLOSED)} == {"done"}


def test_a_ticket_that_left_the_road_ends_where_it_left() -> None:
    assert states(Status.WITHDRAWN, was_accepted=False) == [("已提交", "done"), ("已撤回", "now")]
    assert states(Status.DECLINED, was_accepted=False)[-1] == ("不予受理", "bad")


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_road(status: Status) -> None:
    assert road(status, was_accepted=True, notes=("一", "二", "三", "四", "五"))
