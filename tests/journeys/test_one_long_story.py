"""一包到底, told once from end to end: one problem, everybody who has a part in it, and the rates it leaves behind."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Status, Step
from assist.jobs.context import Context
from assist.jobs.lapse import run as lapse
from assist.models import Clock, Reminder
from tests.cast import Cast, account, person
from tests.engines import TestDatabase
from tests.journeys.telling import PROBLEM, Sweep, Telling
from tests.journeys.what_is_left import what_is_left_is_true
from tests.tasks import county_unit


@pytest.fixture
def story(cast: Cast, browse: Any, time: FixedTime, session: Session, sweep: Sweep) -> Telling:
    unit = county_unit(session, cast)
    he = person(account(session, "ma", "马承办", Role.UNIT, phone="19906350020", unit_id=unit))
    session.commit()
    return Telling(cast, browse, time, session, sweep, people={"ma": he})


def test_one_problem_from_a_phone_call_to_a_callback(story: Telling, database: TestDatabase) -> None:
    it_is_entered_by_phone_and_confirmed(story)
    the_officer_answers_the_first_call_of_duty(story)
    two_units_are_asked_and_one_gives_it_back(story)
    the_other_is_sent_back_then_promises(story)
    the_deferral_is_refused_too_late_and_the_red_card_comes(story)
    the_supervisor_writes(story)
    the_unit_keeps_its_promise(story)
    the_officer_changes_in_the_middle(story)
    the_enterprise_is_not_content(story)
    silence_ends_it_and_a_call_says_how_it_was(story, database)
    what_is_left_is_true(story)


def it_is_entered_by_phone_and_confirmed(story: Telling) -> None:
    story.at(11, 23, 9, 40)
    page = story.does(
        "zhang",
        "/desk/tickets/new",
        "二期厂房消防验收",
        enterprise=str(story.cast.jia),
        source="hotline",
        description=PROBLEM,
        is_checked="1",
    )
    story.number = page.url.split("?")[0].rsplit("/", 1)[1]
    story.was_told("chen", "代您录入了一件诉求")
    story.sees("zhang", "/tickets/{no}", "企业尚未确认内容属实")
    story.at(11, 23, 9, 50)
    story.does("chen", "/tickets/{no}/verify-entry", "谢谢您的核对", is_true="1")
    story.sees("zhang", "/tickets/{no}", not_=("企业尚未确认内容属实",))


def the_officer_answers_the_first_call_of_duty(story: Telling) -> None:
    story.at(11, 23, 10, 10)
    story.sees("zhang", "/desk/", "二期厂房消防验收", "首联登记")
    story.does(
        "zhang",
        "/tickets/{no}/first-response",
        "首联登记已保存",
        method="phone",
        person="陈桂芳",
        summary="已电话了解，验收申请已受理未安排。",
        category="0502",
        type="help",
        difficulty="general",
        opinion="先请主管部门核实排期，本周内反馈。",
    )
    story.sees("chen", "/tickets/{no}", "先请主管部门核实排期", "12月2日17:30前答复办理结果")
    story.does("chen", "/tickets/{no}/verify-contact", "谢谢您的核对", is_true="1")


def two_units_are_asked_and_one_gives_it_back(story: Telling) -> None:
    story.at(11, 23, 10, 30)
    city, county = story.cast.zhou.actor.unit_id, story.person("ma").actor.unit_id
    ask = "/tickets/{no}/assign-task"
    story.does("zhang", ask, "市生态环境局", unit=str(city), kind="lead", text="请核实并给出验收安排。")
    story.does("zhang", ask, "区住建局", unit=str(county), kind="assist", text="请配合现场查看。")
    story.cannot_find("zhou", "/tickets/{no}")
    story.sees("zhao", "/coordination/", f"{story.number}-01")
    story.at(11, 23, 11)
    story.does("zhao", f"/tasks/{story.number}-01/dispatch", "核发")
    story.was_told("zhou", f"{story.number}-01")
    story.sees("zhou", "/unit/", f"{story.number}-01")
    story.sees("zhou", f"/tasks/{story.number}-01", PROBLEM, "提请", "张建华", not_=("先请主管部门核实排期",))
    story.cannot_find("ma", f"/tasks/{story.number}-01")
    story.at(11, 23, 14, 30)
    story.does(
        "ma",
        f"/tasks/{story.number}-02/request?kind=task_return",
        "退回",
        kind="task_return",
        reason="消防验收不在本局职责内。",
        basis="区住建局三定方案第四条。",
        unit=str(city),
    )
    story.at(11, 24, 9)
    request = story.finds("qian", "/requests/", "退回任务", leads="/requests/")
    story.cannot_find("sun", request)
    note = "情况属实，由牵头单位一并办理。"
    story.presses("qian", request, f"{request}/decide", "已同意", decision="approve", note=note)
    story.was_told("zhang", "退回")
    story.sees("ma", f"/tasks/{story.number}-02", "已退回")


def the_other_is_sent_back_then_promises(story: Telling) -> None:
    task = f"/tasks/{story.number}-01"
    story.at(11, 24, 9, 30)
    story.does("zhou", f"{task}/sign", "签收")
    story.at(11, 25, 10)
    story.does("zhou", f"{task}/reply", "反馈", result="done", reply="已收到。")
    story.was_told("zhang", f"{story.number}-01")
    story.at(11, 25, 11)
    story.does("zhang", f"{task}/send-back", "退回", reason="没有写明验收安排在哪一天。")
    story.at(11, 26, 10)
    promise = {"result": "continuing", "reply": "需专家复核，12月4日前完成。", "promised_on": "2026-12-04"}
    story.does("zhou", f"{task}/reply", "反馈", **promise)
    story.sees("zhang", "/desk/", "市生态环境局")
    story.at(11, 26, 11)
    story.does("zhang", f"{task}/accept-reply", "认可")
    # The task is still open, and the page says which one is waited for.
    story.does("zhang", "/tickets/{no}/progress", "进展已保存", text="专家复核定在下周。", is_visible="1")
    story.sees("zhang", "/tickets/{no}", "答复：", f"{story.number}-01")
    story.sees("chen", "/tickets/{no}", "专家复核定在下周", not_=("没有写明验收安排",))


def the_deferral_is_refused_too_late_and_the_red_card_comes(story: Telling) -> None:
    story.at(12, 2, 16)
    story.does(
        "zhang",
        "/tickets/{no}/request?kind=deferral",
        "延期",
        kind="deferral",
        reason="专家复核要到12月4日。",
        new_due_on="2026-12-08",
        work_done="已两次催办，复核时间已定。",
        is_told="1",
    )
    story.sweep(shanghai(2026, 12, 2, 18))
    story.at(12, 2, 18)
    assert not cards(story), "asked in time: the red card waits for the decision"
    story.sees("zhang", "/tickets/{no}", "延期待批")
    story.at(12, 3, 10)
    request = story.finds("qian", "/requests/", "延期", leads="/requests/")
    story.presses("qian", request, f"{request}/decide", "不同意", decision="refuse", note="已有一个月，不再延期。")
    story.was_told("zhang", "不同意")
    story.sweep(shanghai(2026, 12, 3, 10, 5))
    assert cards(story) == {shanghai(2026, 12, 2, 17, 30)}, "it counts as of the due time"
    story.was_told("zhang", "红牌超期")
    story.was_told("qian", "红牌超期")
    story.sees("chen", "/tickets/{no}", "本件已超过承诺时限，正在督促办理", "0635-8888110")


def cards(story: Telling) -> set[Any]:
    """When the red cards of the resolution fell, to the minute."""
    story.session.rollback()
    rows = story.session.scalars(
        select(Reminder.due_at)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Clock.kind == ClockKind.RESOLUTION, Reminder.step == Step.BREACH, Reminder.is_passed_over.is_(False))
    )
    return {at.replace(microsecond=0) for at in rows}


def the_supervisor_writes(story: Telling) -> None:
    story.sweep(shanghai(2026, 12, 4, 9))
    story.at(12, 4, 9)
    story.sees("wang", "/oversight/", "督办")
    letter = story.finds("wang", "/supervisions/", "提示函", leads="/supervisions/")
    page = story.presses(
        "wang", letter, f"{letter}/issue", "聊助企督〔2026〕1号",
        level="1", addressee="owner", demand="请说明超期原因，3个工作日内反馈下一步安排。",
    )  # fmt: skip
    assert "提示函" in page.text
    story.was_told("zhang", "提示函")
    story.sees("wang", f"/documents/supervision/{letter.rpartition('/')[2]}", "聊助企督〔2026〕1号", "回执")
    story.cannot_find("chen", letter)
    story.at(12, 4, 9, 30)
    story.presses("zhang", letter, f"{letter}/reply", "已反馈", text="专家复核今日完成，下周一答复企业。")
    story.at(12, 4, 9, 40)
    story.presses("wang", letter, f"{letter}/accept", "已认可")


def the_unit_keeps_its_promise(story: Telling) -> None:
    task = f"/tasks/{story.number}-01"
    story.at(12, 4, 10)
    story.does("zhou", f"{task}/reply", "反馈", result="done", reply="复核通过，12月7日现场验收。")
    story.at(12, 4, 11)
    story.does("zhang", f"{task}/accept-reply", "认可")
    story.sees("zhou", task, "已认可")


def the_officer_changes_in_the_middle(story: Telling) -> None:
    story.at(12, 7, 9)
    li = story.cast.li
    change = f"/roster/enterprises/{story.cast.jia}/hand-over/{li.id}"
    page = story.does("qian", change, "待双方确认", reason="张建华轮岗", notes="验收今天进行。")
    handover = page.url
    story.sees("zhang", "/desk/", "交接")
    story.presses("zhang", handover, f"{handover}/acknowledge", "已确认")
    story.at(12, 7, 10)
    story.presses("li", handover, f"{handover}/acknowledge", "交接已生效")
    assert story.ticket.owner_id == li.id
    story.was_told("chen", "李明")
    story.sees("chen", "/tickets/{no}", "李明")
    story.sees("zhang", "/tickets/{no}", PROBLEM)  # he keeps read access
    story.browse(story.cast.zhang).get(f"/tickets/{story.number}/answer", 403)


def the_enterprise_is_not_content(story: Telling) -> None:
    story.at(12, 8, 10)
    answer = {"outcome": "partly_solved", "answer": "现场验收已完成，意见书一周内出具。", "account": "已与市局核对。"}
    story.does("li", "/tickets/{no}/answer", "已答复，等待企业确认", **answer)
    story.was_told("chen", "已答复，请您确认")
    story.at(12, 9, 9)
    story.sees("chen", "/tickets/{no}", "意见书一周内出具", not_=("已与市局核对",))
    story.does("chen", "/tickets/{no}/return", "已退回", reason="没有意见书，设备还是进不了场。")
    story.was_told("li", "企业未认可")
    story.at(12, 10, 15)
    again = {"outcome": "solved", "answer": "意见书已出具，请到区政务大厅领取。", "account": "市局当日办结。"}
    story.does("li", "/tickets/{no}/answer", "已答复，等待企业确认", **again)


def silence_ends_it_and_a_call_says_how_it_was(story: Telling, database: TestDatabase) -> None:
    story.at(12, 11, 9)
    story.sees("chen", "/tickets/{no}", "意见书已出具")
    story.sweep(shanghai(2026, 12, 17, 9))
    story.was_told("chen", "请您确认")
    story.session.rollback()
    story.at(12, 21, 9)
    lapse(Context(database.engine, story.time))
    assert story.ticket.status is Status.CLOSED
    story.sees("chen", "/tickets/{no}", "逾期未确认，系统办结")
    story.at(12, 22, 10)
    story.does(
        "wang", "/tickets/{no}/callback", "回访",
        method="phone", person="陈桂芳", result="solved", rating="satisfied", text="企业说意见书已领，设备已进场。",
    )  # fmt: skip
    story.sees("chen", "/tickets/{no}", "企业说意见书已领")
