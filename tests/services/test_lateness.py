"""Whose lateness: the bar of a ticket and the party of a time that was not kept, as design 4 says it."""


import pytest

from assist.domain.clock import FixedTime
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import Difficulty
from assist.domain.tasks import TaskKind, TaskResult
from assist.models import Ticket
from assist.services import (
    access,
    closing,
    conversing,
    request_objections,
    tasking,
)
from assist.services.queries import ticket_page
from assist.services.queries.lateness import Responsibility
from tests.cast import Cast
from tests.lateness import ask, decide, hand_over, late, november, stand_in, vacate
from tests.make import Make
from tests.tasks import county_unit

K = RequestKind


def found(make: Make, ticket: Ticket) -> Responsibility:
    work = make.work(make.cast.wang)
    page = ticket_page.load(work, access.ticket(work, ticket.number)).responsibility
    assert page is not None
    assert page.days == sum(one.days for one in page.parts)
    return page


def bar(make: Make, ticket: Ticket) -> dict[str, int]:
    return {one.words: one.days for one in found(make, ticket).parts}


def whose(make: Make, ticket: Ticket) -> list[str]:
    return [one.words for one in found(make, ticket).late]


def test_days_are_whose_hands_they_were_in_and_add_up(make: Make, cast: Cast) -> None:
    ticket = make.ticket()
    make.at(november(24))
    make.handled(ticket)
    task = make.task(ticket)
    make.at(november(25)).dispatched(task)
    make.at(november(34)).replied(make.signed(task))
    make.task_act(cast.zhang, task, tasking.accept_reply)
    make.at(november(37)).answered(ticket)
    make.at(november(38)).closed(ticket)
    make.at(november(50))
    assert bar(make, ticket) == {"专员": 2, "审批（市助企办）": 1, "市生态环境局": 7, "企业": 1}
    assert found(make, ticket).now == ""


def test_a_supplement_and_an_answer_that_waits_are_the_enterprise_s_days(make: Make, cast: Cast) -> None:
    ticket = make.contacted()
    make.at(november(24)).act(cast.zhang, ticket, conversing.request_supplement, "请补充验收申请表。")
    assert found(make, ticket).now == "企业"
    make.at(november(26)).act(cast.chen, ticket, conversing.supplement, "已补充。")
    make.at(november(27)).answered(ticket)
    make.at(november(32))
    assert bar(make, ticket) == {"专员": 2, "企业": 5}


def test_between_closing_and_reopening_nobody_has_it(make: Make, cast: Cast) -> None:
    ticket = make.closed()
    make.at(november(26)).act(cast.chen, ticket, closing.reopen, "又出现同样问题。")
    make.at(november(30))
    assert bar(make, ticket) == {"专员": 2}
    assert found(make, ticket).now == "专员"


def test_the_lead_s_days_come_before_those_of_who_assists(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    county = county_unit(make.session, cast)
    make.task(ticket, county, kind=TaskKind.ASSIST)
    lead = make.dispatched(make.task(ticket))
    make.at(november(25)).replied(make.signed(lead))
    make.at(november(26))
    assert bar(make, ticket) == {"市生态环境局": 2, "区住建局": 1}


def test_of_a_promise_that_was_accepted_the_days_go_on_with_the_unit(make: Make, cast: Cast) -> None:
    task = make.signed(make.dispatched())
    make.at(november(24)).replied(task, TaskResult.CONTINUING, promised_on=november(34).date())
    make.at(november(26))
    assert bar(make, task.ticket) == {"市生态环境局": 3}


def test_a_deferral_asked_for_is_the_decider_s_only_once_the_time_is_over(make: Make, cast: Cast) -> None:
    ticket = make.handled()  # due on 2 December
    make.at(november(32, 16))
    request = ask(make, ticket, K.DEFERRAL, november(39))
    make.at(november(35))
    assert bar(make, ticket) == {"专员": 7, "审批（东昌府区助企办）": 2}
    assert found(make, ticket).late == []  # the card waits for the decision
    decide(make, cast.qian, request, is_approved=False)
    make.at(november(37))
    assert bar(make, ticket) == {"专员": 8, "审批（东昌府区助企办）": 2}
    assert whose(make, ticket) == ["东昌府区助企办（审批逾期）"]


def test_a_coordination_is_the_leader_s_days_and_a_suspension_is_nobody_s(make: Make, cast: Cast) -> None:
    ticket = make.handled(difficulty=Difficulty.GENERAL)
    request = ask(make, ticket, K.COORDINATION, november(26))
    make.at(november(25))
    decide(make, cast.liu, request, is_approved=True, note="请住建局本周内验收。")
    request = ask(make, ticket, K.SUSPENSION, november(40))
    make.at(november(26))
    decide(make, cast.zhao, request, is_approved=True)
    make.at(november(30))
    assert bar(make, ticket) == {"审批（工作组领导）": 2, "专员": 1, "挂账": 2}


def test_who_stood_in_has_his_own_days(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    stand_in(make, 24, 26)
    make.at(november(27))
    assert bar(make, ticket) == {"专员": 2, f"代办（{cast.wu.name}）": 2}


def test_a_vacancy_is_the_area_s_office_s(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    make.at(november(24))
    vacate(make)
    make.at(november(26))
    assert bar(make, ticket) == {"专员": 1, "空缺（东昌府区助企办）": 2}
    make.at(november(33))
    assert whose(make, ticket) == ["东昌府区助企办（专员空缺）"]


def test_a_missed_time_is_the_owner_s_where_nobody_else_was_late(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    assert whose(make, ticket) == []
    late(make)
    assert whose(make, ticket) == [f"服务专员{cast.zhang.name}"]
    make.answered(ticket)
    assert whose(make, ticket) == [f"服务专员{cast.zhang.name}"]


def test_a_unit_that_missed_its_own_time_and_still_had_its_task_answers_for_it(make: Make, cast: Cast) -> None:
    ticket = make.signed().ticket  # its reply was due on the 26th
    late(make)
    assert whose(make, ticket) == ["市生态环境局"]


def test_a_unit_that_replied_late_but_three_days_before_leaves_it_to_the_owner(make: Make, cast: Cast) -> None:
    task = make.signed()
    make.at(november(27)).replied(task)
    late(make)
    assert whose(make, task.ticket) == [f"服务专员{cast.zhang.name}"]


def test_a_unit_that_was_asked_too_late_does_not_answer_for_it(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    make.at(november(32))
    make.signed(make.dispatched(make.task(ticket)))
    make.at(november(45))
    assert whose(make, ticket) == [f"服务专员{cast.zhang.name}"]


def test_a_dispatch_that_came_late_is_the_city_s(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    task = make.task(ticket)
    make.at(november(25)).dispatched(task)
    make.replied(make.signed(task))
    late(make)
    assert whose(make, ticket) == ["市助企办（审批逾期）"]


def test_who_stood_in_at_the_due_time_answers_for_it(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    stand_in(make, 30, 34)
    late(make)
    assert whose(make, ticket) == [f"代办专员{cast.wu.name}"]
    make.at(november(40))
    assert whose(make, ticket) == [f"代办专员{cast.wu.name}"]


@pytest.mark.parametrize(("day", "is_transition"), [(25, True), (24, False)])
def test_what_falls_due_within_five_working_days_after_a_handover_is_nobody_s(
    day: int, is_transition: bool, make: Make, cast: Cast, time: FixedTime
) -> None:
    ticket = make.handled()
    make.at(november(day))
    hand_over(make)
    late(make)
    assert whose(make, ticket) == ["交接期，不计个人责任" if is_transition else f"服务专员{cast.wu.name}"]
    assert sum(bar(make, ticket).values()) == 8


def test_an_approved_objection_takes_precedence_where_it_names_another(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    late(make)
    about = next(
        one.key
        for one in request_objections.targets(make.work(cast.zhang), ticket)
        if ObjectionSubject.RESPONSIBILITY in one.subjects and one.words.startswith("办结")
    )
    unit = f"unit:{cast.zhou.actor.unit_id}"
    request = ask(make, ticket, K.OBJECTION, None, subject=ObjectionSubject.RESPONSIBILITY, about=about, party=unit)
    assert whose(make, ticket) == [f"服务专员{cast.zhang.name}"]
    decide(make, cast.wang, request, is_approved=True)
    assert whose(make, ticket) == ["市生态环境局"]


def test_an_enterprise_does_not_read_whose_days_they_were(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    work = make.work(cast.chen)
    assert ticket_page.load(work, access.ticket(work, ticket.number)).responsibility is None
