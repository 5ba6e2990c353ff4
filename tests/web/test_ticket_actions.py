"""Acts on a ticket through their forms: every one by hand, stale pages, double presses, bad input, files."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import Rating, Status
from assist.domain.transitions import Action
from assist.models import ContactRecord, Ticket, TicketRound
from assist.services import conversing
from assist.web.action_table import ACTS
from tests.cast import Cast
from tests.make import Make

GRADING = {"category": "0502", "type": "help", "difficulty": "general", "reason": "更正类别"}
CALL = {"method": "phone", "person": "陈桂芳", "summary": "已了解情况。"}


def act(ticket: Ticket, slug: str) -> str:
    return f"/tickets/{ticket.number}/{slug}"


def fresh(session: Session, ticket: Ticket) -> Ticket:
    session.rollback()
    session.refresh(ticket)
    return ticket


def test_every_act_of_a_ticket_has_its_row() -> None:
    by_the_system = {Action.SUBMIT, Action.SUPPLEMENT_END, Action.LAPSE, Action.OPEN_ANSWER}
    elsewhere = {Action.REASSIGN, Action.ESCALATE, Action.IMPORT, Action.OWE_CALLBACK, Action.DROP_REQUEST}
    # At the address of the task, request, supervision or theme.
    elsewhere |= {one for one in Action if one.value.startswith("task_")}
    elsewhere |= {Action.DECIDE, Action.REVIEW, Action.REPLY_SUPERVISION, Action.SETTLE_SUPERVISION, Action.GROUP}
    elsewhere |= {Action.RECLASSIFY}
    assert {one.action for one in ACTS.values()} == set(Action) - by_the_system - elsewhere


def test_the_whole_road_by_hand(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer, enterprise = browse(cast.zhang), browse(cast.chen)
    ticket = make.ticket()
    officer.submit(
        act(ticket, "first-response"), **CALL, **GRADING, opinion="本周内协调。", expected_on="2026-11-27"
    )
    officer.submit(act(ticket, "progress"), text="已约好现场查看。", is_visible="1")
    officer.submit(act(ticket, "progress"), text="内部：需加派人手。", is_visible="0")
    officer.submit(act(ticket, "comment"), text="请准备好图纸。")
    enterprise.submit(act(ticket, "comment"), text="图纸已备好。")
    enterprise.submit(act(ticket, "verify-contact"), is_true="1")
    officer.submit(act(ticket, "answer"), outcome="solved", answer="已验收。", account="内部情况")
    officer.submit(act(ticket, "correct-answer"), answer="已验收，意见书可领取。", reason="补充说明领取地点")
    enterprise.submit(act(ticket, "return"), reason="窗口说没有出件。")
    officer.submit(act(ticket, "answer"), outcome="solved", answer="已出件。", account="内部情况")
    page = enterprise.submit(act(ticket, "confirm"), result="solved", rating="very_satisfied", comment="谢谢")
    assert page.url == "/portal/"
    assert "感谢您的评价" in page.text
    assert fresh(session, ticket).status is Status.CLOSED
    enterprise.submit(act(ticket, "reopen"), reason="又被通知重新验收。")
    assert fresh(session, ticket).status is Status.HANDLING
    assert ticket.round_no == 3


def test_contact_accept_and_opinion_one_by_one(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer = browse(cast.zhang)
    ticket = make.ticket()
    officer.submit(act(ticket, "contact"), **CALL, claimed_at="11月23日 08:40")
    officer.submit(act(ticket, "accept"), **GRADING)
    page = officer.submit(act(ticket, "opinion"), opinion="本周内协调。", expected_on="2026-11-27")
    assert "预计11月27日办结" in page.text
    assert "补登，称联系时间为11月23日 08:40" in page.text
    session.rollback()
    assert session.scalars(select(ContactRecord.claimed_at_text)).one() == "11月23日 08:40"


def test_a_supplement_is_asked_for_and_given(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer, enterprise = browse(cast.zhang), browse(cast.chen)
    ticket = make.contacted()
    officer.submit(act(ticket, "request-supplement"), text="请补充退回通知书。")
    assert fresh(session, ticket).status is Status.SUPPLEMENTING
    enterprise.submit(act(ticket, "supplement"), text="通知书编号 2026-15。")
    assert fresh(session, ticket).status is Status.SUBMITTED


def test_an_enterprise_withdraws_nudges_and_verifies_an_entry(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    enterprise = browse(cast.chen)
    ticket = make.ticket(by=cast.zhang)
    enterprise.submit(act(ticket, "verify-entry"), is_true="0")
    page = enterprise.submit(act(ticket, "nudge"), text="等不及了。")
    assert "已催办" in page.text
    page = enterprise.submit(act(ticket, "nudge"), 409, text="还在等。")
    assert "今天已经催办过" in page.text
    assert page.form().values["text"] == ["还在等。"]
    enterprise.submit(act(ticket, "withdraw"), reason="已自行解决。")
    assert fresh(session, ticket).status is Status.WITHDRAWN
    assert ticket.entry_is_true is False


def test_a_late_grade_is_welcome(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    from assist.services import closing

    ticket = make.answered()
    make.act(cast.chen, ticket, conversing.answer_opened)
    make.act(None, ticket, closing.lapse)
    browse(cast.chen).submit(act(ticket, "rate"), rating="unsatisfied", reasons=["speed"], comment="太慢")
    session.rollback()
    assert session.scalars(select(TicketRound.rating)).one() is Rating.UNSATISFIED


def test_nothing_is_chosen_for_the_enterprise(cast: Cast, make: Make, browse: Any) -> None:
    page = browse(cast.chen).get(act(make.answered(), "confirm"))
    assert not {"result", "rating", "reasons"} & set(page.form().values)
    page = browse(cast.chen).get(act(make.answered(), "confirm") + "?result=partly")
    assert page.form().values["result"] == ["partly"], "what it has just pressed itself stays pressed"


def test_a_low_grade_asks_for_its_reason_and_keeps_the_rest(cast: Cast, make: Make, browse: Any) -> None:
    ticket = make.answered()
    page = browse(cast.chen).submit(
        act(ticket, "confirm"), 400, result="partly", rating="unsatisfied", comment="拖了半个月"
    )
    assert page.title.startswith("错误")
    assert "请选择不满意的原因" in page.text
    values = page.form().values
    assert (values["result"], values["rating"], values["comment"]) == (
        ["partly"],
        ["unsatisfied"],
        ["拖了半个月"],
    )


def test_parts_of_the_first_response_may_wait(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer = browse(cast.zhang)
    ticket = make.ticket()
    officer.submit(act(ticket, "first-response"), **CALL)
    assert fresh(session, ticket).status is Status.SUBMITTED
    page = officer.submit(act(ticket, "first-response"), 400, summary="", opinion="本周内协调。")
    assert "请选择诉求类型" in page.text
    page = officer.submit(act(ticket, "first-response"), 400, summary="", category="")
    assert "请至少填写联系情况或受理信息" in page.text


def test_each_difficulty_tells_its_due_time_before_the_button(cast: Cast, make: Make, browse: Any) -> None:
    page = browse(cast.zhang).get(act(make.ticket(), "accept"))
    for words in ("12月2日17:30前办结", "12月14日17:30前办结", "审定前按复杂计时", "类型为咨询 明天17:30"):
        assert words in page.text


def test_an_answer_without_a_contact_is_refused_with_its_words_kept(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    officer = browse(cast.zhang)
    ticket = make.ticket()
    officer.submit(act(ticket, "accept"), **GRADING)
    assert "答复：还没有联系记录" in officer.get(f"/tickets/{ticket.number}").text
    page = officer.submit(act(ticket, "answer"), 409, outcome="solved", answer="已验收。", account="内部")
    assert "还没有联系记录" in page.text
    assert page.form().values["answer"] == ["已验收。"]


def test_an_act_that_is_not_open_leads_back_with_the_reason(cast: Cast, make: Make, browse: Any) -> None:
    page = browse(cast.zhang).get(act(make.handled(), "accept"))
    assert "现在是“办理中”，不能“受理”" in page.text


def test_an_act_that_is_not_ones_own_is_refused(cast: Cast, make: Make, browse: Any) -> None:
    ticket = make.answered()
    browse(cast.zhang).get(act(ticket, "confirm"), 403)
    browse(cast.wang).get(act(ticket, "answer"), 403)
    browse(cast.chen).get(act(ticket, "correct-answer"), 403)


@pytest.mark.parametrize("who", ["sun", "li", "wu", "zhou", "xi"])
def test_anothers_ticket_is_not_found(who: str, cast: Cast, make: Make, browse: Any) -> None:
    ticket = make.answered()
    browser = browse(getattr(cast, who))
    token = browser.get("/me").forms[0].values["csrf_token"]
    for slug in ACTS:
        browser.get(act(ticket, slug), 404)
        browser.post(act(ticket, slug), 404, csrf_token=token, text="x", is_true="1", version="1")
    browser.get(f"/tickets/{ticket.number}", 404)
    browser.get(f"/documents/ticket/{ticket.number}", 404)


def test_an_unknown_act_is_not_found(cast: Cast, make: Make, browse: Any) -> None:
    browse(cast.zhang).get(act(make.ticket(), "delete"), 404)


def test_verifying_from_the_portal_leads_back_there(cast: Cast, make: Make, browse: Any) -> None:
    enterprise = browse(cast.chen)
    ticket = make.contacted()
    page = enterprise.get("/portal/")
    assert "联系过您，是否属实" in page.text
    page = enterprise.send(page, action=act(ticket, "verify-contact"))
    assert page.url == "/portal/"
    assert "联系过您，是否属实" not in page.text


def test_an_answer_asked_in_time_is_not_lost_to_a_missing_login(app: Flask, make: Make) -> None:
    ticket = make.handled()
    answer = app.test_client().get(act(ticket, "answer"))
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_the_forms_cost_few_statements(
    cast: Cast, make: Make, time: FixedTime, browse: Any, database: Any
) -> None:
    from tests.statements import counted

    officer = browse(cast.zhang)
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充。")
    make.at(shanghai(2026, 11, 24, 9))
    make.act(cast.chen, ticket, conversing.supplement, "已补充。")
    officer.get(act(ticket, "accept"))
    with counted(database.others[0]) as sent:
        officer.get(act(ticket, "accept"))
    assert len(sent) <= 8, sent
