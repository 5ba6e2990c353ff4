"""Keeping the roster: enterprises, contacts, officers, passwords, units, the leaders' order; each in its own area."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assist.domain.roles import Role
from assist.models import Account, Enterprise, EnterpriseContact, Unit, WorkGroup, WorkGroupMember
from tests.cast import PASSWORD, Cast, account
from tests.doors import Visitor
from tests.make import Make
from tests.pages import Browser
from tests.roster_pages import log, sent

Browse = Callable[..., Browser]


@pytest.fixture
def zhao(browse: Browse, cast: Cast) -> Browser:
    """The city's coordinator."""
    return browse(cast.zhao)


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
    for person in (cast.wang, cast.liu, cast.xi, cast.zhao):
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


def test_leaders_are_put_into_a_group_and_taken_out_by_the_city_alone(
    browse: Browse, make: Make, cast: Cast
) -> None:
    row = account(make.session, "zhu", "朱领导", Role.LEADER)
    group_id = make.session.scalars(select(WorkGroup.id)).one()
    make.session.commit()
    zhao, url = browse(cast.zhao), f"/roster/work-groups/{group_id}"
    assert "请选择一位领导" in sent(zhao, url, 400).text
    assert "从列出的选项中选择" in sent(zhao, url, 400, person=str(cast.zhang.id)).text
    page = sent(zhao, url, person=str(row.id), is_head="1")
    assert "朱领导" in page.text
    assert log(make).deed == "add_group_member"
    member = make.session.scalars(
        select(WorkGroupMember.id).where(WorkGroupMember.account_id == row.id)
    ).one()
    make.session.rollback()
    page = zhao.post(f"{url}/remove", csrf_token=page.form(f"{url}/remove").values["csrf_token"], member=member)
    assert "朱领导已移出工作组" in page.text
    browse(cast.qian).get(url, 404)
    browse(cast.wang).get(url, 404)
