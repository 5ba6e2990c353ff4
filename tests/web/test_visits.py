"""走访 on its pages: planning with who was there before one's eyes, writing down, ledger C, figures, who sees what."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.visits import VisitStatus
from assist.extensions import db
from assist.models import AuditEntry, Ticket, Visit
from assist.services import visiting
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted
from tests.visits import SITUATION, TODAY, done, plan, went

LIMIT = 8
PROBLEM = "供电增容方案一个月没有答复。"


def last(session: Session) -> Visit:
    session.rollback()  # what the pages wrote meanwhile is in another snapshot
    return session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()


def test_from_a_plan_to_a_ticket(cast: Cast, browse: Any, make: Make) -> None:
    zhang = browse(cast.zhang)
    page = zhang.get("/visits/new")  # one enterprise: straight to it
    assert "11月已安排 0 次" in page.text
    page = zhang.send(page, kind="visit", visit_on="2026-11-23", purpose="了解四季度生产")
    assert "走访计划已保存" in page.text
    visit = last(make.session)
    here = f"/visits/{visit.id}"
    page = zhang.submit(f"{here}/record", method="onsite", situation=SITUATION, problems=PROBLEM, policies="技改贴息")
    assert "走访情况已登记" in page.text
    page = zhang.send(page, action=f"{here}/make-ticket")
    assert "已生成诉求 LC-20261123-0001" in page.text
    assert "专员走访" in page.text
    assert PROBLEM in page.text
    again = zhang.post(f"{here}/make-ticket", csrf_token=page.form().values["csrf_token"][0])
    assert "LC-20261123-0001" in again.text
    make.session.rollback()
    assert make.session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert "LC-20261123-0001" in zhang.get(here).text
    assert "代您录入" in browse(cast.chen).get("/inbox/").text


def test_the_same_form_twice_plans_once(cast: Cast, browse: Any, make: Make) -> None:
    zhang = browse(cast.zhang)
    form = zhang.get("/visits/new")
    for _ in range(2):
        page = zhang.send(form, kind="survey", visit_on="2026-11-25", purpose="摸底")
    assert "摸底" in page.text
    assert make.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_what_was_typed_stays_and_the_fault_is_named(cast: Cast, browse: Any) -> None:
    zhang = browse(cast.zhang)
    page = zhang.submit("/visits/new", 400, kind="visit", visit_on="2026-11-01", purpose="看项目进度")
    assert "计划日期已经过去" in page.text
    assert "看项目进度" in page.html
    page = zhang.submit("/visits/new?done=1", 400, method="onsite", situation=" ", problems=PROBLEM)
    assert "请填写主要情况" in page.text
    assert PROBLEM in page.html
    page = zhang.submit("/visits/new?done=1", 400, method="pigeon", situation="长" * 10_000)
    assert "2000字以内" in page.text


def test_who_was_there_and_will_be_stands_before_the_plan_and_can_be_joined(
    cast: Cast, browse: Any, make: Make
) -> None:
    led = plan(make, cast.zhang, TODAY + timedelta(days=2), purpose="月度联系")
    went(make, cast.zhang, situation="内部情况不外传")
    make.session.rollback()
    zhou = browse(cast.zhou)
    page = zhou.get(f"/visits/new?enterprise={cast.jia}")
    assert "11月25日 随市工业和信息化局走访：月度联系" in page.text
    assert "张建华" not in page.text
    assert "内部情况" not in page.text
    page = zhou.send(page, kind="visit", joins=str(led.id), purpose="环保帮扶")
    assert "已并入" in page.text
    assert last(make.session).status is VisitStatus.JOINED
    assert "张建华" in page.text  # whom one goes along with one knows
    assert zhou.get(f"/visits/{led.id}", 404).status == 404
    assert "周承办" in browse(cast.zhang).get(f"/visits/{led.id}").text


def test_a_plan_is_merged_into_anothers_on_its_page(cast: Cast, browse: Any, make: Make) -> None:
    led = plan(make, cast.zhou, TODAY + timedelta(days=2))
    own = plan(make, cast.zhang, TODAY + timedelta(days=1))
    make.session.rollback()
    page = browse(cast.zhang).submit(f"/visits/{own.id}/join", joins=str(led.id))
    assert "已并入" in page.text
    assert last(make.session).joined_id == led.id


def test_a_full_month_sends_a_unit_to_the_coordinator_who_gives_a_reason(
    cast: Cast, browse: Any, make: Make
) -> None:
    for _ in range(4):
        went(make, cast.zhang)
    make.session.rollback()
    zhou, qian = browse(cast.zhou), browse(cast.qian)
    address = f"/visits/new?enterprise={cast.jia}"
    page = zhou.submit(address, 400, kind="visit", visit_on="2026-11-26", purpose="环保帮扶")
    assert "联系助企办调度员" in page.text
    page = qian.submit(address, 400, kind="visit", visit_on="2026-11-26", purpose="现场办公")
    assert "填写超出上限的理由" in page.text
    page = qian.send(page, over_budget_reason="重大项目观摩", for_officer="1")
    assert "助企办调度员已收到提醒" in page.text
    assert "重大项目观摩" in page.text
    assert last(make.session).account_id == cast.zhang.id


def test_a_visit_of_another_enterprise_is_not_found(cast: Cast, browse: Any, make: Make) -> None:
    visit = plan(make, cast.zhang)
    make.session.rollback()
    li = browse(cast.li)
    for rest in ("", "/record", "/cancel", "/join"):
        li.get(f"/visits/{visit.id}{rest}", 404)
    li.get(f"/documents/visit/{visit.id}", 404)
    li.get(f"/visits/new?enterprise={cast.jia}", 404)
    liu = browse(cast.liu)
    assert "了解生产经营情况" in liu.get(f"/visits/{visit.id}").text
    assert "登记走访情况" not in liu.get(f"/visits/{visit.id}").text
    liu.get(f"/visits/{visit.id}/record", 404)


def test_a_stale_page_says_what_became_of_it_and_keeps_the_words(cast: Cast, browse: Any, make: Make) -> None:
    visit = plan(make, cast.zhang)
    make.session.rollback()
    zhang = browse(cast.zhang)
    form = zhang.get(f"/visits/{visit.id}/record")
    done(make, cast.qian, visiting.cancel, visit.id, "企业停产检修")
    page = zhang.send(form, 409, method="phone", situation=SITUATION)
    assert "这次走访已于11月23日09:30取消" in page.text
    assert SITUATION in page.html


def test_the_ledger_has_the_offices_columns_and_what_the_filter_holds(
    cast: Cast, browse: Any, make: Make
) -> None:
    went(make, cast.zhang, situation="=1+1", policies="技改贴息", problems=PROBLEM)
    went(make, cast.li, enterprise=cast.yi)
    went(make, cast.zhou)
    plan(make, cast.zhang)
    make.session.rollback()
    zhang = browse(cast.zhang)
    zhang.send(zhang.get("/visits/1"), action="/visits/1/make-ticket")
    page = zhang.get("/visits/")
    assert "导出走访台账（2 条）" in page.text
    response = zhang.client.post("/visits/export.xlsx", data={**page.form("/visits/export.xlsx").values})
    sheet = openpyxl.load_workbook(BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "走访台账"
    assert "张建华" in rows[1][0]
    assert rows[2] == ("序号", "企业", "专员", "日期", "方式", "主要情况", "宣讲政策", "发现问题", "已生成诉求编号")
    assert rows[3][3].date() == TODAY
    assert rows[3][:3] + rows[3][4:] == (
        1, "聊城甲制造有限公司", "市工业和信息化局 张建华", "上门", "=1+1", "技改贴息", PROBLEM,
        "LC-20261123-0001",
    )  # fmt: skip
    assert [row[2] for row in rows[4:5]] == ["市生态环境局 周承办"]
    assert rows[5][0] == "合计：2 条"
    assert {cell.data_type for cell in sheet[4]} == {"s", "n", "d"}
    entry = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export")).one()
    assert (entry.actor_id, entry.detail["rows"]) == (cast.zhang.id, 2)
    assert sheet.freeze_panes is not None
    wang = browse(cast.wang)
    page = wang.get(f"/visits/?enterprise={cast.yi}")
    assert "导出走访台账（1 条）" in page.text


def test_the_list_is_narrowed_and_holds_only_what_one_may_see(cast: Cast, browse: Any, make: Make) -> None:
    went(make, cast.zhang, problems=PROBLEM)
    plan(make, cast.li, TODAY + timedelta(days=10), enterprise=cast.yi)
    made = went(make, cast.zhou)
    make.session.rollback()
    wang = browse(cast.wang)
    assert "共 3 次" in wang.get("/visits/").text
    for query, count in (
        ("state=problem", 1), ("state=planned", 1), ("state=counted", 3), ("state=nonsense", 3), ("q=乙化工", 1),
        ("q=zhang", 0), ("party=officer", 2), ("kind=survey", 0), ("since=2026-12-01", 1), ("since=nonsense", 3),
        (f"unit={cast.zhou.actor.unit_id}", 1), (f"unit={cast.zhang.actor.unit_id}", 0), (f"who={cast.zhou.id}", 1),
        ("who=99999999999999999999", 3), ("at=bent", 3),
    ):  # fmt: skip
        assert f"共 {count} 次" in wang.get(f"/visits/?{query}").text, query
    assert "共 2 次" in browse(cast.zhang).get("/visits/").text
    assert "共 1 次" in browse(cast.zhou).get("/visits/").text
    assert "共 1 次" in browse(cast.zheng).get("/visits/").text
    assert "共 2 次" in browse(cast.qian).get("/visits/").text
    page = browse(cast.zheng).get(f"/visits/{made.id}")  # a colleague reads, and acts on nothing
    assert SITUATION in page.text
    assert "修改登记" not in page.text


def test_the_rate_of_the_month_opens_its_lists(cast: Cast, browse: Any, make: Make) -> None:
    went(make, cast.zhang)
    make.session.rollback()
    wang = browse(cast.wang)
    assert "1 / 2" in wang.get("/visits/").text
    page = wang.get("/visits/completion")
    assert "聊城乙化工有限公司" in page.text
    assert "聊城甲制造有限公司" not in page.text
    assert "还差 1 次" in page.text
    page = wang.get("/visits/completion?part=n")
    assert "聊城甲制造有限公司" in page.text
    assert "2026年10月" in wang.get("/visits/completion?back=1&part=d").text
    assert "0 / 1" not in browse(cast.qian).get("/visits/").text
    assert "1 / 1" in browse(cast.qian).get("/visits/").text
    page = wang.get("/visits/disturbing?span=quarter")
    assert "本季度" in page.text
    link = next(url for words, url in page.links.items() if words == "1")
    assert "共 1 次" in wang.get(link).text


def test_the_record_sheet_for_paper(cast: Cast, browse: Any, make: Make) -> None:
    visit = went(make, cast.zhang, promises="三日内送材料")
    make.session.rollback()
    page = browse(cast.wang).get(f"/documents/visit/{visit.id}")
    for words in ("走访记录表", "聊城甲制造有限公司", "张建华", SITUATION, "三日内送材料", "打印人：王督"):
        assert words in page.text
    assert "data:image/svg+xml" in page.html


def test_the_desk_leads_with_the_month_on_days_without_tickets(
    cast: Cast, browse: Any, make: Make, time: FixedTime
) -> None:
    plan(make, cast.zhang, TODAY + timedelta(days=2), purpose="月度联系")
    plan(make, cast.zhou, TODAY + timedelta(days=3), purpose="环保帮扶")
    went(make, cast.zhou, problems=PROBLEM)
    make.session.rollback()
    zhang = browse(cast.zhang)
    page = zhang.get("/desk/").text
    assert page.index("本月要做的") < page.index("今天没有待办诉求")
    for words in ("本月还需联系1次", "11月25日 走访 甲企业", "市生态环境局周承办：环保帮扶", "1 个未生成诉求"):
        assert words in page
    zhang.submit("/visits/new?done=1", method="phone", situation=SITUATION)
    time.at = shanghai(2026, 11, 26, 9)
    page = browse(cast.zhang).get("/desk/").text
    assert "本月还需联系" not in page
    assert "待登记" in page
    make.ticket()
    page = browse(cast.zhang).get("/desk/").text
    assert page.index("优先办理") < page.index("本月要做的")


def test_the_enterprise_reads_in_one_line_how_often_it_is_gone_to(cast: Cast, browse: Any, make: Make) -> None:
    went(make, cast.zhang, situation="内部情况不外传")
    plan(make, cast.zhou, TODAY + timedelta(days=1))
    make.session.rollback()
    page = browse(cast.chen).get("/portal/")
    assert "本月走访调研 2 / 4 次" in page.text
    assert "内部情况" not in page.html
    assert "本月走访调研 0 / 4 次" in browse(cast.sun).get("/portal/").text


def test_the_pages_cost_the_same_whatever_there_is(cast: Cast, browse: Any, make: Make, app: Any) -> None:
    for back in range(8):
        went(make, cast.zhang, TODAY - timedelta(days=back), problems=PROBLEM, over_budget_reason="测试需要")
    led = plan(make, cast.zhou, TODAY + timedelta(days=7), enterprise=cast.yi).id
    for who in (cast.li, cast.zhao):
        plan(make, who, None, enterprise=cast.yi, joins=led)
    make.session.close()
    with app.app_context():
        engine = db.engine
    pages = (
        (cast.wang, "/visits/"), (cast.zhang, "/visits/"), (cast.zhou, f"/visits/{led}"), (cast.zhang, "/visits/1"),
        (cast.zhou, "/visits/new"), (cast.zhou, f"/visits/new?enterprise={cast.jia}"), (cast.chen, "/portal/"),
        (cast.wang, "/visits/disturbing"), (cast.zhang, "/visits/1/amend"), (cast.zhou, f"/visits/{led}/join"),
        (cast.wang, "/visits/completion"), (cast.zhang, "/desk/"), (cast.wang, f"/enterprises/{cast.jia}"),
    )  # fmt: skip
    for who, address in pages:
        browser = browse(who)
        browser.get(address)
        with counted(engine) as statements:
            browser.get(address)
        assert len(statements) <= LIMIT, (address, statements)
