"""企业与结对: lists found by any spelling, pairing on pages of its own, people, phones for a reason, areas apart."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assist.domain.clock import FixedTime
from assist.extensions import db
from assist.models import Account, AuditEntry, Enterprise, EnterpriseContact, Pairing, Unit, WorkGroup
from assist.models.engine import begin_writing
from assist.services import pinyin
from assist.services.imports import roster
from assist.services.work import Work
from tests.cast import PASSWORD, Cast
from tests.doors import Visitor
from tests.make import Make
from tests.pages import Browser, Page
from tests.sheets import small_roster
from tests.statements import counted

Browse = Callable[..., Browser]


@pytest.fixture
def zhao(browse: Browse, cast: Cast) -> Browser:
    """The city's coordinator."""
    return browse(cast.zhao)


def sent(browser: Browser, url: str, status: int = 200, **fields: Any) -> Page:
    """Fetch a page and send its own form, which goes back to the page's address."""
    form = next(one for one in browser.get(url).forms if one.method == "post" and not one.action)
    return browser.post(url, status, **{**form.values, **fields})


def log(make: Make) -> AuditEntry:
    make.session.rollback()
    return make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def unpair(make: Make, enterprise_id: int) -> None:
    row = make.session.scalars(select(Pairing).where(Pairing.enterprise_id == enterprise_id)).one()
    row.ended_at = make.time.at
    make.session.commit()


def spelt(make: Make) -> None:
    """The cast's enterprises as an import would have made them: with their spellings."""
    for row in make.session.scalars(select(Enterprise)):
        found = pinyin.organisation(row.name)
        row.pinyin, row.initials = found.full, found.initials
    make.session.commit()


def test_the_list_says_who_serves_whom_and_how_many_have_an_officer(
    zhao: Browser, make: Make, cast: Cast
) -> None:
    page = zhao.get("/roster/")
    assert "2 / 200" in page.text
    assert "聊城甲制造有限公司" in page.text
    assert "张建华" in page.text
    make.session.rollback()
    unpair(make, cast.jia)
    page = zhao.get("/roster/")
    assert "1 / 200" in page.text
    assert page.html.index("聊城甲制造有限公司") < page.html.index("聊城乙化工有限公司")
    assert "聊城乙化工有限公司" not in zhao.get("/roster/?unpaired=1").text


@pytest.mark.parametrize(
    "words", ["甲制造", "liaochengjia", "lcjzz", "LCJZZ", "91371500MA0000001", "张建华", "甲 制造"]
)
def test_an_enterprise_is_found_by_name_spelling_initials_code_and_officer(
    zhao: Browser, make: Make, words: str
) -> None:
    spelt(make)
    page = zhao.get(f"/roster/?q={words}")
    assert "聊城甲制造有限公司" in page.text
    assert "聊城乙化工有限公司" not in page.text


@pytest.mark.parametrize("words", ["%", "_", "没有这家", "'\"<b>"])
def test_words_that_fit_nothing_find_nothing(zhao: Browser, words: str) -> None:
    assert "没有符合条件的企业" in zhao.get(f"/roster/?q={words.replace('%', '%25')}").text


def test_an_enterprise_has_everything_on_one_page(zhao: Browser, make: Make, cast: Cast) -> None:
    make.ticket()
    page = zhao.get(f"/roster/enterprises/{cast.jia}")
    assert "陈桂芳" in page.text
    assert "199****0001" in page.text
    assert cast.chen.phone not in page.html
    assert f"/tickets/?enterprise={cast.jia}&amp;state=open" in page.html


def test_pairing_is_chosen_confirmed_and_told(zhao: Browser, make: Make, cast: Cast) -> None:
    unpair(make, cast.jia)
    page = zhao.get(f"/roster/enterprises/{cast.jia}")
    assert "没有在岗专员" in page.text
    page = zhao.get(page.links["结对服务专员"])
    assert "吴外人" in page.text
    done = sent(zhao, f"/roster/enterprises/{cast.jia}/pair/{cast.wu.id}")
    assert "吴外人已与企业结对" in done.text
    make.session.rollback()
    active = make.session.scalars(
        select(Pairing).where(Pairing.enterprise_id == cast.jia, Pairing.ended_at.is_(None))
    ).one()
    assert active.officer_id == cast.wu.id


def test_an_officer_is_replaced_with_a_reason(zhao: Browser, make: Make, cast: Cast) -> None:
    url = f"/roster/enterprises/{cast.jia}/pair/{cast.wu.id}"
    refused = sent(zhao, url, 400)
    assert "请填写更换专员的原因" in refused.text
    assert refused.title.startswith("错误")
    done = sent(zhao, url, reason="张建华抽调")
    assert "服务专员已更换为吴外人" in done.text
    assert "张建华抽调" in done.text


def test_ending_a_pairing_has_a_page_of_its_own_and_asks_why(zhao: Browser, make: Make, cast: Cast) -> None:
    url = f"/roster/enterprises/{cast.jia}/end-pairing"
    assert "请填写结束结对的原因" in sent(zhao, url, 400, reason=" ").text
    done = sent(zhao, url, reason="岗位调整")
    assert "这家企业目前没有在岗专员" in done.text
    assert log(make).deed == "end_pairing"


def test_an_area_s_coordinator_finds_nothing_of_another_area(browse: Browse, cast: Cast, make: Make) -> None:
    qian = browse(cast.qian)
    assert "聊城乙化工有限公司" not in qian.get("/roster/").text
    assert "1 / 1" in qian.get("/roster/").text
    assert "李明" not in qian.get("/roster/officers").text
    qian.get(f"/roster/enterprises/{cast.jia}")
    for path in (
        f"enterprises/{cast.yi}",
        f"enterprises/{cast.yi}/edit",
        f"enterprises/{cast.yi}/pair",
        f"enterprises/{cast.yi}/pair/{cast.wu.id}",
        f"enterprises/{cast.yi}/end-pairing",
        f"enterprises/{cast.yi}/phones",
        f"enterprises/{cast.yi}/contacts/new",
        f"people/{cast.li.id}/edit",
        f"people/{cast.sun.id}/password",
        f"officers/{cast.li.id}/active",
        f"officers/{cast.li.id}/phone",
    ):
        page = qian.get(f"/roster/{path}", 404)
        token = qian.get("/roster/import").form().values["csrf_token"][0]
        qian.post(f"/roster/{path}", 404 if path != f"enterprises/{cast.yi}" and not path.endswith("/pair") else 405,
                  csrf_token=token, reason="越权", is_active="0", name="王", phone="13800000000")  # fmt: skip
        assert page.status == 404


def test_a_supervisor_looks_and_changes_nothing(browse: Browse, cast: Cast) -> None:
    wang = browse(cast.wang)
    assert "导入台账" not in wang.get("/roster/").text
    page = wang.get(f"/roster/enterprises/{cast.jia}")
    assert "更换专员" not in page.text
    assert "重置密码" not in page.text
    for path in ("import", "enterprises/new", f"enterprises/{cast.jia}/pair/{cast.wu.id}", "officers/new"):
        wang.get(f"/roster/{path}", 404)


@pytest.mark.parametrize("who", ["chen", "zhang", "zhou", "liu", "xi"])
def test_the_roster_does_not_exist_for_others(browse: Browse, cast: Cast, who: str) -> None:
    visitor = browse(getattr(cast, who))
    for path in ("", "officers", "units", "work-groups", "import", f"enterprises/{cast.jia}", "export"):
        visitor.get(f"/roster/{path}", 404)


def test_a_whole_number_is_shown_for_a_reason_and_logged(browse: Browse, cast: Cast, make: Make) -> None:
    wang = browse(cast.wang)
    url = f"/roster/enterprises/{cast.jia}/phones"
    assert "请填写查看完整电话的原因" in sent(wang, url, 400, reason="").text
    assert cast.chen.phone in sent(wang, url, reason="回访核实").text
    entry = log(make)
    assert (entry.deed, entry.detail["reason"], entry.detail["people"]) == (
        "see_phones",
        "回访核实",
        ["陈桂芳"],
    )


def test_the_own_officer_is_not_asked_why_and_others_find_nothing(
    browse: Browse, cast: Cast, make: Make
) -> None:
    zhang = browse(cast.zhang)
    assert cast.chen.phone in sent(zhang, f"/roster/enterprises/{cast.jia}/phones").text
    assert log(make).actor_id == cast.zhang.id
    zhang.get(f"/roster/enterprises/{cast.yi}/phones", 404)
    browse(cast.liu).get(f"/roster/enterprises/{cast.jia}/phones")
    browse(cast.liu).get(f"/roster/enterprises/{cast.yi}/phones", 404)
    browse(cast.sun).get(f"/roster/enterprises/{cast.jia}/phones", 404)


def test_an_enterprise_is_registered_and_corrected(zhao: Browser, make: Make) -> None:
    refused = sent(zhao, "/roster/enterprises/new", 400, name="聊城新企业有限公司", credit_code="913715")
    assert "请选择县（市、区）" in refused.text
    area = zhao.get("/roster/enterprises/new").html.split('<option value="')[2].split('"')[0]
    words: dict[str, Any] = {"name": "聊城新企业有限公司", "area": area, "leader_name": "新领导"}
    refused = sent(zhao, "/roster/enterprises/new", 400, credit_code="91371502MA364WF9YX", **words)
    assert "校验不符" in refused.text
    made = sent(zhao, "/roster/enterprises/new", credit_code="91371502MA364WF9YH", **words)
    assert "已登记聊城新企业有限公司" in made.text
    again = sent(zhao, "/roster/enterprises/new", 400, credit_code="91371502MA364WF9YH", **words)
    assert "已登记为" in again.text
    make.session.rollback()
    row = make.session.scalars(select(Enterprise).where(Enterprise.credit_code == "91371502MA364WF9YH")).one()
    assert row.initials.startswith("lcxqy")
    group = make.session.get(WorkGroup, row.work_group_id)
    assert group is not None
    assert group.name == "新领导工作组"
    make.session.rollback()
    saved = sent(zhao, f"/roster/enterprises/{row.id}/edit", short_name="新企业")
    assert "企业信息已保存" in saved.text
    assert log(make).deed == "change_enterprise"


def test_an_enterprise_with_an_officer_cannot_leave(zhao: Browser, cast: Cast) -> None:
    page = sent(zhao, f"/roster/enterprises/{cast.jia}/edit", 400, state="0")
    assert "请先结束结对" in page.text


def test_contacts_come_and_go_one_of_them_the_main_one(
    zhao: Browser, make: Make, cast: Cast, app: Flask
) -> None:
    url = f"/roster/enterprises/{cast.jia}/contacts/new"
    page = sent(zhao, url, name="周新", phone="13906351234", position="主任")
    assert "一次性密码" in page.text
    make.session.rollback()
    new = make.session.scalars(select(Account).where(Account.username == "13906351234")).one()
    assert new.must_change
    contact = make.session.scalars(
        select(EnterpriseContact).where(EnterpriseContact.account_id == new.id)
    ).one()
    make.session.rollback()
    assert "已是这家企业的联系人" in sent(zhao, url, 400, name="周新", phone="13906351234").text
    assert "请核对姓名和电话" in sent(zhao, url, 400, name="别人", phone=cast.sun.phone).text
    card = zhao.get(f"/roster/enterprises/{cast.jia}")
    done = zhao.send(card, action=f"/roster/enterprises/{cast.jia}/contacts/{contact.id}/main")
    assert "周新已设为主联系人" in done.text
    refused = sent(zhao, f"/roster/enterprises/{cast.jia}/contacts/{contact.id}/remove", 409)
    assert "请先把另一名联系人设为主联系人" in refused.text
    old = make.session.scalars(
        select(EnterpriseContact.id).where(
            EnterpriseContact.account_id == cast.chen.id, EnterpriseContact.enterprise_id == cast.jia
        )
    ).one()
    make.session.rollback()
    assert "陈桂芳不再是" in sent(zhao, f"/roster/enterprises/{cast.jia}/contacts/{old}/remove").text
    zhao.get(f"/roster/enterprises/{cast.yi}/contacts/{contact.id}/remove", 404)


def test_an_officer_is_taken_on_corrected_and_rests(
    zhao: Browser, make: Make, cast: Cast, app: Flask
) -> None:
    unit = make.session.scalars(select(Unit).order_by(Unit.id)).first()
    assert unit is not None
    unit_id = unit.id
    make.session.rollback()
    assert "请选择所在单位" in sent(zhao, "/roster/officers/new", 400, name="孙新", phone="13906351234").text
    page = sent(zhao, "/roster/officers/new", name="孙新", phone="139 0635 1234", unit=unit_id)
    assert "13906351234" in page.text
    taken = sent(zhao, "/roster/officers/new", 400, name="孙二", phone="13906351234", unit=unit_id)
    assert "已是“孙新”的" in taken.text
    make.session.rollback()
    new_id = make.session.scalars(select(Account.id).where(Account.username == "13906351234")).one()
    make.session.rollback()
    sent(zhao, f"/roster/people/{new_id}/edit", phone="13906354321", position="科长")
    make.session.rollback()
    row = make.session.get(Account, new_id)
    assert row is not None
    assert (row.username, row.phone, row.position) == ("13906354321", "13906354321", "科长")
    make.session.rollback()
    assert "账号已停用" in sent(zhao, f"/roster/officers/{new_id}/active").text
    assert "孙新" in zhao.get("/roster/officers?show=inactive").text
    assert "账号已启用" in sent(zhao, f"/roster/officers/{new_id}/active").text
    assert "还有结对的企业" in sent(zhao, f"/roster/officers/{cast.zhang.id}/active", 409).text


def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(
    app: Flask, browse: Browse, zhao: Browser, cast: Cast, make: Make
) -> None:
    chen = browse(cast.chen)
    chen.get("/me")
    page = sent(zhao, f"/roster/people/{cast.chen.id}/password")
    assert "密码已重置" in page.text
    assert page.url.endswith("/password")
    entry = log(make)
    assert (entry.deed, entry.subject) == ("reset_password", "chen")
    assert chen.client.get("/me").status_code == 302
    shown = page.html.split('<strong class="no">')[1].split("<")[0]
    assert PASSWORD not in page.html
    visitor = Visitor(app)
    assert visitor.sign_in("chen").status_code == 400
    assert visitor.sign_in("chen", shown).status_code == 302


def test_others_passwords_are_not_a_coordinator_s_to_reset(zhao: Browser, cast: Cast) -> None:
    for person in (cast.wang, cast.liu, cast.zhou, cast.xi, cast.zhao):
        zhao.get(f"/roster/people/{person.id}/password", 404)
        zhao.get(f"/roster/people/{person.id}/edit", 404)


def test_units_are_kept_and_found_by_their_other_names(zhao: Browser, make: Make) -> None:
    done = sent(
        zhao, "/roster/units/new", name="聊城市某某局", short_name="市某某局", aliases="某某局、老某某局"
    )
    assert "聊城市某某局已保存" in done.text
    assert "某某局、老某某局" in done.text
    assert "已有同名的单位" in sent(zhao, "/roster/units/new", 400, name="聊城市某某局").text
    assert "请选择县（市、区）" in sent(zhao, "/roster/units/new", 400, name="某县局", level="county").text


def test_an_area_keeps_its_own_units_only(browse: Browse, cast: Cast, make: Make) -> None:
    qian = browse(cast.qian)
    unit_id = make.session.scalars(select(Unit.id).order_by(Unit.id)).first()
    make.session.rollback()
    qian.get(f"/roster/units/{unit_id}/edit", 404)
    assert "只能维护本县" in sent(qian, "/roster/units/new", 400, name="市级局", level="city").text
    assert "某区局已保存" in sent(qian, "/roster/units/new", name="某区局").text


def test_leaders_keep_the_order_they_are_given(zhao: Browser, make: Make) -> None:
    make.session.add(WorkGroup(name="第二工作组", sort=2))
    make.session.commit()
    second = make.session.scalars(select(WorkGroup.id).where(WorkGroup.sort == 2)).one()
    make.session.rollback()
    page = zhao.get("/roster/work-groups")
    form = page.form(f"/roster/work-groups/{second}/move")
    words: dict[str, Any] = {**form.values}
    moved = zhao.post(form.action, **words)
    assert moved.html.index("第二工作组") < moved.html.index("第一工作组")


def test_no_page_costs_more_than_eight_statements(
    app: Flask, browse: Browse, cast: Cast, make: Make, time: FixedTime
) -> None:
    begin_writing(make.session)
    work = Work(make.session, time)
    roster.take_over(work, roster.check(work, small_roster()))
    make.session.commit()
    zhao = browse(cast.zhao)
    paths = [
        "", "?q=lc&area=1", "?unpaired=1", "officers", "officers?q=lc&show=several", "units", "work-groups",
        "import", "export", "enterprises/new", "officers/new", "units/new", f"enterprises/{cast.jia}",
        f"enterprises/{cast.jia}/edit", f"enterprises/{cast.jia}/pair", f"enterprises/{cast.jia}/pair/{cast.wu.id}",
        f"enterprises/{cast.jia}/end-pairing", f"enterprises/{cast.jia}/phones", f"officers/{cast.zhang.id}/phone",
        f"enterprises/{cast.jia}/contacts/new", f"people/{cast.chen.id}/edit", f"people/{cast.zhang.id}/edit",
        f"people/{cast.chen.id}/password", f"officers/{cast.wu.id}/active",
    ]  # fmt: skip
    cost = {}
    for path in paths:
        with app.app_context(), counted(db.engine) as sent:
            zhao.get(f"/roster/{path}")
        cost[path] = len(sent)
    assert {path: count for path, count in cost.items() if count > 8} == {}
