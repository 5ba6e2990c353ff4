"""督办 on the pages: proposed, signed, replied to, settled; its letter and its ledger."""

from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.extensions import db
from assist.models import Supervision
from assist.services import supervising
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted
from tests.supervisions import act, issued, order, proposed
from tests.tasks import SHIELDED

L, A, S = SupervisionLevel, Addressee, SupervisionStatus
DEMAND = "请说明原因并于本周内办结😀"


def last(session: Session) -> Supervision:
    session.rollback()
    return session.scalars(select(Supervision).order_by(Supervision.id.desc()).limit(1)).one()


def test_a_proposal_is_on_the_oversight_page_and_signed_in_two_clicks(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = proposed(session, make.handled())
    id = row.id
    browser = browse(cast.wang)
    assert "1 件时限超期，系统建议督办" in browser.get("/oversight/").text
    listed = browser.get("/supervisions/?state=proposed")
    assert f'href="/supervisions/{id}"' in listed.html
    page = browser.get(f"/supervisions/{id}")
    assert "办结超期1个工作日。请说明原因" in page.html
    done = browser.send(page, action=f"/supervisions/{id}/issue", level="2", demand=DEMAND)
    assert "聊助企督〔2026〕1号" in done.text
    found = last(session)
    assert (found.id, found.level, found.addressee, found.demand) == (id, L.ORDER, A.OWNER, DEMAND)
    assert "督办待反馈" in browser.get("/oversight/").text


def test_the_same_form_sent_twice_signs_once(make: Make, cast: Cast, browse: Any, session: Session) -> None:
    ticket = make.handled()
    browser = browse(cast.wang)
    form = browser.get(f"/tickets/{ticket.number}/supervise")
    assert "责任专员 张建华" in form.text
    assert "东昌府区助企办" in form.text
    sent = {"level": "1", "addressee": "owner", "demand": DEMAND}
    browser.send(form, **sent)
    browser.send(form, **sent)
    assert last(session).number == "聊助企督〔2026〕1号"
    page = browser.get(f"/tickets/{ticket.number}").text
    assert "提示函" in page
    assert "聊助企督〔2026〕1号" in page


def test_what_is_missing_is_named_and_what_was_typed_stays(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    again = browse(cast.wang).submit(f"/tickets/{ticket.number}/supervise", 400, demand=DEMAND)
    assert "请选择督办级别" in again.text
    assert "请选择督办对象" in again.text
    assert DEMAND in again.html


def test_the_owner_finds_it_on_his_ticket_and_replies_and_the_supervisor_accepts(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    row = issued(make, ticket)
    address = f"/supervisions/{row.id}"
    officer = browse(cast.zhang)
    assert f'href="{address}"' in officer.get(f"/tickets/{ticket.number}").html
    page = officer.get(address)
    assert "/void" not in page.html
    officer.send(page, action=f"{address}/reply", text="已约定明日验收。")
    assert last(session).reply == "已约定明日验收。"
    supervisor = browse(cast.wang)
    page = supervisor.get(address)
    assert "按期反馈" in page.text
    supervisor.send(page, action=f"{address}/accept", note="同意")
    assert last(session).status is S.ACCEPTED
    assert "已认可" in officer.get(address).text


def test_a_proposal_is_dismissed_with_a_reason_only(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = proposed(session, make.handled())
    address = f"/supervisions/{row.id}"
    browser = browse(cast.wang)
    again = browser.send(browser.get(address), 400, action=f"{address}/dismiss", note=" ")
    assert "请填写不予督办的理由" in again.text
    browser.send(browser.get(address), action=f"{address}/dismiss", note="当日已补办。")
    assert last(session).status is S.DISMISSED
    assert f'href="{address}"' in browser.get("/supervisions/?state=dismissed").html
    assert "当日已补办" in browser.get(address).text


def test_two_supervisors_at_once_one_is_told_who_was_faster_and_keeps_his_words(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = proposed(session, make.handled())
    address = f"/supervisions/{row.id}"
    browser = browse(cast.wang)
    page = browser.get(address)
    act(make, cast.wang, supervising.issue_proposal, row.id, order())
    session.rollback()
    late = browser.send(page, 409, action=f"{address}/issue", demand="晚来的要求")
    assert "王督 已于" in late.text
    assert "晚来的要求" in late.text


def test_raised_only_when_late_and_the_new_one_opens(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = issued(make, make.handled())
    address = f"/supervisions/{row.id}"
    session.rollback()
    assert f"{address}/raise" not in browse(cast.wang).get(address).html
    make.at(shanghai(2026, 11, 27, 9, 0))
    browser = browse(cast.wang)
    done = browser.send(browser.get(address), action=f"{address}/raise", note="逾期未反馈")
    assert "聊助企督〔2026〕2号" in done.text
    assert "聊助企督〔2026〕1号" in done.text
    assert "本件已升级为 聊助企督〔2026〕2号" in browser.get(address).text


def test_a_unit_sees_what_is_addressed_to_it_without_the_ticket_or_a_shielded_name(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    task = make.signed(make.task(ticket))
    row = issued(make, ticket, order(L.ORDER, A.UNIT, task.number))
    session.rollback()
    staff = browse(cast.zhou)
    for address in ("/supervisions/", f"/supervisions/{row.id}", f"/documents/supervision/{row.id}"):
        page = staff.get(address)
        assert "甲企业" not in page.text
        assert "聊城甲制造" not in page.html
    page = staff.get(f"/supervisions/{row.id}")
    assert f"/tasks/{task.number}" in page.html
    assert f"/tickets/{ticket.number}" not in page.html
    staff.send(page, action=f"/supervisions/{row.id}/reply", text="已核查。")
    assert last(session).status is S.REPLIED


def test_the_letter_has_its_number_its_signatures_and_the_part_to_send_back(
    make: Make, cast: Cast, browse: Any
) -> None:
    row = issued(make, make.handled(), order(L.KEY_ORDER))
    make.session.rollback()
    page = browse(cast.wang).get(f"/documents/supervision/{row.id}")
    for words in ("重点督办单", "聊助企督〔2026〕1号", "拟稿", "核稿", "签发", "回执联", "张建华", "打印人：王督"):
        assert words in page.text, words
    assert "请于2026年11月24日17:30前书面反馈" in page.text
    assert "星期" not in page.text.split("打印时间")[0]
    assert 'src="data:image/svg' in page.html


def test_the_ledger_has_the_offices_columns_and_leaves_proposals_out(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = issued(make, make.handled())
    act(make, cast.zhang, supervising.reply, row.id, "=1+1 已办")
    proposed(session, make.handled(make.ticket("另一件")))
    browser = browse(cast.wang)
    token = browser.get("/supervisions/").form("/logout").values["csrf_token"][0]
    response = browser.client.post("/supervisions/export.xlsx", data={"csrf_token": token})
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.data)).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "督办台账"
    columns = "序号 文号 级别 诉求编号 事由 被督办单位 签发人 签发日 要求期限 反馈日 结果 状态"
    assert sheet[2] == columns.split()
    assert len(sheet) == 5
    assert sheet[4][0] == "合计：1 条"
    assert sheet[3][1] == "聊助企督〔2026〕1号"
    assert sheet[3][5] == "聊城市工业和信息化局　张建华"
    assert sheet[3][10] == "按期反馈；=1+1 已办"


def test_filters_narrow_and_nonsense_in_the_address_is_no_error(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row = issued(make, make.handled())
    number = row.number or ""
    issued(make, make.handled(make.ticket(by=cast.sun)), order(L.ORDER))
    session.rollback()
    browser = browse(cast.wang)
    assert "共 2 件" in browser.get("/supervisions/").text
    assert "共 1 件" in browser.get("/supervisions/?level=2").text
    assert "共 1 件" in browser.get(f"/supervisions/?q={number}").text
    assert "共 0 件" in browser.get("/supervisions/?until=2026-11-22").text
    assert "共 2 件" in browser.get("/supervisions/?level=9&area=abc&since=x&state=zz&page=0").text


def test_its_pages_cost_the_same_whatever_their_length(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    for number in range(6):
        issued(make, make.handled(make.ticket(f"第{number}件")))
    ticket = make.handled(make.ticket("有任务的"))
    make.signed(make.task(ticket))
    row = proposed(session, ticket)
    addresses = ["/supervisions/", f"/supervisions/{row.id}", f"/documents/supervision/{row.id}", "/oversight/"]
    addresses += [f"/tickets/{ticket.number}/supervise", f"/tickets/{ticket.number}"]
    session.close()
    browser = browse(cast.wang)
    with browser.client.application.app_context():
        engine = db.engine
    for address in addresses:
        browser.get(address)
        with counted(engine) as statements:
            browser.get(address)
        assert len(statements) <= 8, (address, len(statements), statements)
