"""What one supervisor changes at once: categories, values, units; and the calendar, after a look at what moves."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.models import AuditEntry, CalendarYear, Clock, OfficeHours, Setting, Unit
from assist.services import settings
from tests.cast import Cast
from tests.make import Make
from tests.roster_pages import sent
from tests.services.test_calendars import OFFICIAL


def year_file(content: object = OFFICIAL) -> tuple[BytesIO, str]:
    return BytesIO(json.dumps(content, ensure_ascii=False).encode()), "2027.json"


def known_of_2027(make: Make) -> str:
    query = select(CalendarYear.status).where(CalendarYear.year == 2027)
    return str(make.session.scalars(query).one().value)


def token(page: Any) -> str:
    return str(page.forms[-1].values["csrf_token"][0])


def test_a_category_is_changed_at_once_and_logged(browse: Any, make: Make, cast: Cast) -> None:
    page = sent(browse(cast.wang), "/settings/categories/0502", days="3", is_shielded="1")
    assert "类别“消防验收”已保存，立即生效" in page.text
    make.session.rollback()
    entry = settings.current(make.session).by_code("0502")
    assert entry is not None
    assert (entry.days, entry.is_shielded) == (3, True)
    log = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_category")).one()
    assert log.detail["days"] == [None, 3]


def test_a_category_added_can_be_chosen(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    assert "请选择所属大类" in sent(browser, "/settings/categories/new", 400, name="涉外许可").text
    assert "0505" in sent(browser, "/settings/categories/new", parent="05", name="涉外许可").text
    assert "涉外许可" in browse(cast.chen).get("/portal/tickets/new").text


def test_a_restricted_category_needs_somebody_named(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    page = sent(browser, "/settings/categories/0502", 400, is_restricted="1")
    assert "请先在“诉求类别”页指定" in page.text
    assert "已保存" in sent(browser, "/settings/categories", owner=str(cast.wang.id)).text
    assert "已保存" in sent(browser, "/settings/categories/0502", is_restricted="1").text


def test_naming_another_passes_on_what_is_open(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    sent(browser, "/settings/categories", owner=str(cast.wang.id))
    ticket = make.ticket("窗口人员推诿", category="1301")
    assert "还有1件专项诉求在办" in sent(browser, "/settings/categories", 400, owner="").text
    assert "1件在办的专项诉求随之转交" in sent(browser, "/settings/categories", owner=str(cast.zhao.id)).text
    make.session.refresh(ticket)
    assert ticket.owner_id == cast.zhao.id
    assert ticket.number in browse(cast.zhao).get("/tickets/").text
    sent(browser, "/settings/categories", 400, owner=str(cast.zhang.id))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("oversight_phone", "0635-1234567", "打我"),
        ("visit_budget", "3", "0"),
        ("monthly_contacts", "2", "两次"),
        ("programme_size", "300", "99999999999"),
        ("supervision_prefix", "聊督字", "LC"),
    ],
)
def test_a_value_is_changed_or_what_is_wrong_is_said(
    name: str, good: str, bad: str, browse: Any, make: Make, cast: Cast
) -> None:
    browser = browse(cast.wang)
    page = sent(browser, f"/settings/values/{name}", 400, value=bad)
    assert "应为" in page.text
    assert bad in page.html
    assert good in sent(browser, f"/settings/values/{name}", value=good).text
    make.session.rollback()
    row = make.session.scalars(select(Setting).where(Setting.name == name)).one()
    assert str(row.value) == good


def test_a_supervisor_keeps_units_on_the_rosters_page(browse: Any, make: Make, cast: Cast) -> None:
    unit_id = make.session.scalars(select(Unit.id).where(Unit.name == "聊城市生态环境局")).one()
    make.session.rollback()
    sent(browse(cast.wang), f"/roster/units/{unit_id}/edit", needs_signature="1", is_vertical="1")
    unit = make.session.get_one(Unit, unit_id)
    assert (unit.needs_signature, unit.is_vertical) == (True, True)
    entry = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_unit")).one()
    assert entry.detail["needs_signature"] == [False, True]


def test_a_year_is_looked_at_before_it_is_applied(browse: Any, make: Make, cast: Cast) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    number = make.ticket().number
    make.session.commit()
    browser = browse(cast.wang)
    start = browser.get("/settings/calendar")
    page = browser.post("/settings/calendar/year", csrf_token=token(start), file=year_file())
    assert number in page.text
    assert "会推后 1 个正在计时的时限" in page.text
    make.session.rollback()
    assert known_of_2027(make) == "provisional"
    done = browser.send(page, action="/settings/calendar/apply")
    assert "1个正在计时的时限顺延" in done.text
    make.session.rollback()
    assert known_of_2027(make) == "official"
    again = browser.send(page, 409, action="/settings/calendar/apply")
    assert "刚刚已由他人改动" in again.text


def test_a_preview_is_its_readers_own_and_cannot_be_bent(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    start = browser.get("/settings/calendar")
    page = browser.post("/settings/calendar/year", csrf_token=token(start), file=year_file())
    browser.send(page, 400, action="/settings/calendar/apply", token="bent")
    make.session.rollback()
    assert known_of_2027(make) == "provisional"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ((BytesIO(b"{"), "bad.json"), "不是有效的 JSON"),
        ((BytesIO(b'{"year": 2027, "days": []}'), "bad.json"), "至少应有一天"),
        ((BytesIO(b"x" * 300_000), "big.json"), "文件太大"),
    ],
)
def test_a_file_that_is_no_year_is_refused(file: tuple[BytesIO, str], sentence: str, browse: Any, cast: Cast) -> None:
    browser = browse(cast.wang)
    start = browser.get("/settings/calendar")
    file = (BytesIO(file[0].getvalue()), file[1])
    page = browser.post("/settings/calendar/year", 400, csrf_token=token(start), file=file)
    assert sentence in page.text


def test_summer_hours_are_looked_at_applied_and_taken_back(browse: Any, make: Make, cast: Cast) -> None:
    ticket = make.handled()
    browser = browse(cast.wang)
    bad = sent(browser, "/settings/calendar/hours/new", 400, name="夏季", from_on="2026-12-01", windows="")
    assert "请填写办公时间" in bad.text
    words: dict[str, Any] = {"name": "夏季", "from_on": "2026-12-01", "to_on": "2026-12-31"}
    words["windows"] = "08:30-12:00，15:00-18:30"
    page = sent(browser, "/settings/calendar/hours/new", **words)
    assert ticket.number in page.text
    browser.send(page, action="/settings/calendar/apply")
    make.session.rollback()
    assert make.session.scalars(select(Clock.due_at).where(Clock.kind == "resolution")).one() == shanghai(
        2026, 12, 2, 18, 30
    )
    hours_id = make.session.scalars(select(OfficeHours.id).where(OfficeHours.name == "夏季")).one()
    make.session.rollback()
    page = browser.get(f"/settings/calendar/hours/{hours_id}/remove")
    assert "不会变动任何正在计时的时限" in page.text
    browser.send(page, action="/settings/calendar/apply")
    make.session.rollback()
    assert make.session.scalars(select(OfficeHours.id).where(OfficeHours.name == "夏季")).all() == []
