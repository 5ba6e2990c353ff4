"""Requests through their pages: asked on the ticket, decided on one screen, listed, exported; what is typed stays."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import Status, Urgency
from assist.models import Request, Ticket
from tests.cast import Cast
from tests.make import Make

K = RequestKind
DEFERRAL = {
    "new_due_on": "2026-12-09",
    "reason": "设备到货延迟。",
    "work_done": "已两次现场协调。",
    "is_told": "1",
}

COORDINATION = {"reason": "卡住", "work_done": "做过", "who_does": "某局"}


def form_of(ticket: Ticket, kind: str) -> str:
    return f"/tickets/{ticket.number}/request?kind={kind}"


def fresh(session: Session, row: Any) -> Any:
    session.rollback()
    session.refresh(row)
    return row


def test_an_officer_chooses_a_kind_and_asks_and_it_stands_on_the_ticket(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    ticket = make.handled()
    officer = browse(cast.zhang)
    page = officer.get(f"/tickets/{ticket.number}/request")
    for verb in ("申请延期", "申请挂账", "提请协调", "申请定级", "申请特急", "提出数据异议"):
        assert verb in page.text
    assert "申请不予受理" not in page.text, "it is accepted already"
    page = officer.get(form_of(ticket, "deferral"))
    assert "现在的办结时限： 12月2日 17:30" in page.text
    assert "最晚可申请至 12月11日" in page.text
    page = officer.send(page, **DEFERRAL)
    assert page.url == f"/tickets/{ticket.number}"
    for words in ("延期申请 待审批 延期至12月9日", "由县（市、区）或市助企办调度员审批", "延期待批"):
        assert words in page.text
    assert "已有一项在等待审批" in officer.get(f"/tickets/{ticket.number}/request").text


def test_the_enterprise_reads_what_concerns_it_in_plain_words(cast: Cast, make: Make, browse: Any) -> None:
    ticket = make.handled()
    make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    make.asked(K.COORDINATION, ticket, on=date(2026, 11, 27))
    page = browse(cast.chen).get(f"/tickets/{ticket.number}")
    assert "服务专员已申请延期或暂缓办理，正在审批；未获同意前，原办理时限照旧。" in page.text
    assert "延期申请 待审批 延期至12月9日" in page.text
    assert "提请协调" not in page.text
    assert "已两次现场协调" not in page.text, "what was done is told inside"
    make.decided(make.session.scalars(select(Request).where(Request.kind == K.DEFERRAL)).one(), cast.qian)
    make.decided(make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 18)), cast.zhao)
    page = browse(cast.chen).get(f"/tickets/{ticket.number}")
    assert "本件因客观条件暂不具备，暂缓办理（挂账）" in page.text
    assert "需报批用地、规划" in page.text
    assert "挂账" in browse(cast.chen).get("/portal/").text


def test_one_screen_one_click_and_a_note_decide(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    ticket = make.handled()
    request = make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    office = browse(cast.qian)
    page = office.get("/requests/")
    assert "延期申请" in page.text
    page = office.get(f"/requests/{request.id}")
    for words in (
        "办结时限由12月2日17:30延至12月9日17:30（第1次，最多2次）",
        "已两次现场协调",
        ticket.title,
        "最近轨迹",
        "时限不变；已经到期的，红牌随即发出。",
    ):
        assert words in page.text, words
    page = office.send(page, action=f"/requests/{request.id}/decide", decision="approve", note="同意。")
    assert "延期申请已同意" in page.text
    assert fresh(session, ticket).due_at == shanghai(2026, 12, 9, 17, 30)
    assert "时限延至12月9日17:30" in browse(cast.zhang).get(f"/tickets/{ticket.number}").text


def test_a_second_decision_is_told_and_keeps_the_note(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    request = make.asked(K.DIFFICULTY)
    late, first = browse(cast.zhao), browse(cast.qian)
    page = late.get(f"/requests/{request.id}")
    first.submit(f"/requests/{request.id}", decision="approve", note="")
    page = late.send(
        page, 409, f"/requests/{request.id}/decide", decision="refuse", note="材料不足，请补充。"
    )
    assert "钱调度 已于" in page.text
    assert "审批“同意”" in page.text
    assert "材料不足，请补充。" in page.text
    assert fresh(session, request).status is RequestStatus.APPROVED


def test_the_same_decision_sent_twice_leads_to_the_first(cast: Cast, make: Make, browse: Any) -> None:
    request = make.asked(K.DIFFICULTY)
    office = browse(cast.qian)
    page = office.get(f"/requests/{request.id}")
    for _ in range(2):
        answer = office.send(page, action=f"/requests/{request.id}/decide", decision="approve", note="")
        assert answer.url == f"/requests/{request.id}"


def test_a_ticket_that_moved_meanwhile_makes_the_decision_stale_and_keeps_the_note(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    ticket = make.handled()
    request = make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    other = make.asked(K.DIFFICULTY, ticket)
    office = browse(cast.qian)
    page = office.get(f"/requests/{request.id}")
    make.decided(other, cast.zhao)
    page = office.send(page, 409, f"/requests/{request.id}/decide", decision="approve", note="同意延期。")
    assert "赵调度 已于" in page.text
    assert page.form(f"/requests/{request.id}/decide").values["note"] == ["同意延期。"]
    office.send(page, action=f"/requests/{request.id}/decide", decision="refuse", note="已改为疑难。")
    assert fresh(session, request).status is RequestStatus.REFUSED


def test_a_refusal_without_words_says_so_at_the_field(cast: Cast, make: Make, browse: Any) -> None:
    request = make.asked(K.DIFFICULTY)
    page = browse(cast.qian).submit(f"/requests/{request.id}", 400, decision="refuse", note=" ")
    assert "请填写不同意的理由" in page.text
    assert "请选择同意或不同意" in browse(cast.qian).submit(f"/requests/{request.id}", 400, note="看过").text


def test_who_asked_sees_his_request_without_a_button(cast: Cast, make: Make, browse: Any) -> None:
    request = make.asked(K.DIFFICULTY)
    page = browse(cast.zhang).get(f"/requests/{request.id}")
    assert "不同意" not in page.text
    assert "同意后" in page.text, "what it would do is no secret"
    assert not [one for one in page.forms if one.action.endswith("/decide")]


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        ("deferral", {**DEFERRAL, "new_due_on": "2026-12-25"}, "最晚可到12月11日"),
        ("deferral", {**DEFERRAL, "new_due_on": ""}, "请填写延期至哪一天"),
        ("deferral", {**DEFERRAL, "is_told": "0"}, "请先把延期的原因和日期告知企业"),
        ("suspension", {"reason": "land", "plan": "每周跟进", "review_on": "2027-03-01"}, "最长30天"),
        ("suspension", {"reason": "nonsense", "plan": "跟进", "review_on": "2026-12-01"}, "请选择挂账的原因"),
        ("coordination", {**COORDINATION, "due_on": "2026-11-01"}, "不能早于今天"),
        ("difficulty", {"reason": "字" * 2001}, "2000字以内"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    kind: str, words: dict[str, str], sentence: str, cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    ticket = make.handled()
    page = browse(cast.zhang).submit(form_of(ticket, kind), 400, **words)
    assert page.title.startswith("错误")
    assert sentence in page.text
    kept = page.form().values
    for name in ("work_done", "plan", "who_does"):
        if name in words:
            assert kept[name] == [words[name]]
    session.rollback()
    assert session.scalars(select(Request)).all() == []


def latest(session: Session) -> Request:
    session.rollback()
    return session.scalars(select(Request).order_by(Request.id.desc())).first() or pytest.fail("none")


def test_kinds_before_the_acceptance_by_hand(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer, enterprise = browse(cast.zhang), browse(cast.chen)
    supervisor, city = browse(cast.wang), browse(cast.zhao)
    ticket = make.ticket()
    enterprise.submit(form_of(ticket, "urgency"), reason="stopped", basis="两条生产线停产。")
    city.submit(f"/requests/{latest(session).id}", decision="approve", note="🚨尽快")
    assert fresh(session, ticket).urgency is Urgency.CRITICAL
    officer.submit(form_of(ticket, "decline"), reason="outside", basis="属省级。", guidance="请到省厅窗口。")
    city.submit(f"/requests/{latest(session).id}", decision="approve", note="")
    assert fresh(session, ticket).status is Status.DECLINED
    page = enterprise.get(f"/tickets/{ticket.number}")
    assert "请到省厅窗口。" in page.text
    assert "申请不予受理复核" in page.text
    enterprise.submit(form_of(ticket, "decline_review"), reason="本市可以办。")
    supervisor.submit(f"/requests/{latest(session).id}", decision="approve", note="复核成立。")
    assert fresh(session, ticket).status is Status.SUBMITTED


def test_kinds_of_the_handling_by_hand(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer, enterprise = browse(cast.zhang), browse(cast.chen)
    leader, city = browse(cast.liu), browse(cast.zhao)
    ticket = make.handled()
    officer.submit(form_of(ticket, "coordination"), **COORDINATION, due_on="2026-11-27")
    leader.submit(f"/requests/{latest(session).id}", decision="approve", note="请住建局牵头，周五前办结。")
    officer.submit(form_of(ticket, "suspension"), reason="land", plan="每周跟进", review_on="2026-12-18")
    city.submit(f"/requests/{latest(session).id}", decision="approve", note="")
    assert "已挂账" in officer.get(f"/tickets/{ticket.number}").text
    page = city.get(f"/requests/{latest(session).id}")
    words = {"decision": "continue", "note": "仍在报批。", "review_on": "2026-12-21"}
    page = city.send(page, action=f"/requests/{latest(session).id}/review", **words)
    assert "已继续挂账" in page.text
    officer.submit(f"/tickets/{ticket.number}/resume", reason="用地已批。")
    assert fresh(session, ticket).suspended_at is None
    officer.submit(form_of(ticket, "objection"), subject="return", about="clock:1", reason="x", status=400)
    enterprise.submit(form_of(ticket, "withdrawal"), reason="已自行解决。")
    city.submit(f"/requests/{latest(session).id}", decision="approve", note="")
    assert fresh(session, ticket).status is Status.WITHDRAWN
