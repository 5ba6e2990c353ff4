"""企业与结对: lists found by any spelling, pairing on pages of its own, people, phones for a reason, areas apart."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from assist.domain.clock import FixedTime
from assist.extensions import db
from assist.models import Enterprise, Pairing
from assist.models.engine import begin_writing
from assist.services import pinyin
from assist.services.imports import roster
from assist.services.work import Work
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser
from tests.roster_pages import log, sent
from tests.sheets import small_roster
from tests.statements import counted

Browse = Callable[..., Browser]


@pytest.fixture
def zhao(browse: Browse, cast: Cast) -> Browser:
    """The city's coordinator."""
    return browse(cast.zhao)


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


def test_choosing_another_officer_where_one_serves_leads_to_a_handover(zhao: Browser, make: Make, cast: Cast) -> None:
    page = zhao.get(f"/roster/enterprises/{cast.jia}/pair/{cast.wu.id}")
    assert page.url == f"/roster/enterprises/{cast.jia}/hand-over/{cast.wu.id}"
    refused = sent(zhao, page.url, 400)
    assert "请填写交接原因" in refused.text
    assert refused.title.startswith("错误")
    done = sent(zhao, page.url, reason="张建华抽调")
    assert done.url.startswith("/handovers/")
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
    assert "交接" not in page.links
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
        f"enterprises/{cast.jia}/edit", f"enterprises/{cast.jia}/pair",
            f"enterprises/{cast.jia}/hand-over/{cast.wu.id}",
        f"enterprises/{cast.jia}/end-pairing", f"enterprises/{cast.jia}/phones", f"officers/{cast.zhang.id}/phone",
        f"enterprises/{cast.jia}/contacts/new", f"people/{cast.chen.id}/edit", f"people/{cast.zhang.id}/edit",
        f"people/{cast.chen.id}/password", f"officers/{cast.wu.id}/active", f"officers/{cast.wu.id}/stand-ins",
    ]  # fmt: skip
    cost = {}
    for path in paths:
        with app.app_context(), counted(db.engine) as sent:
            zhao.get(f"/roster/{path}")
        cost[path] = len(sent)
    assert {path: count for path, count in cost.items() if count > 8} == {}
