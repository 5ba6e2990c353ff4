"""The places of the three administrators: accounts, locks, the audit log; none of them ever meets a ticket."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Role
from assist.extensions import db
from assist.jobs import anchor
from assist.jobs.context import Context
from assist.models import Account, AuditEntry
from assist.services import auditing, logins
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make
from tests.pages import Browser, Page
from tests.roster_pages import sent
from tests.statements import counted


def token(page: Page) -> str:
    return page.forms[-1].values["csrf_token"][0]


def shown_password(page: Page) -> str:
    return page.html.split('<strong class="no">')[1].split("<")[0]


def entered(app: Flask, username: str, password: str) -> str:
    """Where a login leads, or what it says."""
    browser = Browser(app)
    form = browser.get("/login").form()
    words = {**form.values, "username": username, "password": password}
    return browser.client.post("/login", data=words, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "home"), [("xi", "/settings/"), ("an", "/settings/accounts"), ("shen", "/audit/")]
)
def test_each_administrator_has_a_place_of_his_own(name: str, home: str, browse: Any, cast: Cast) -> None:
    browser = browse(getattr(cast, name))
    browser.get("/")
    assert browser.url == home


@pytest.mark.parametrize("q", ["刘振华", "liuzhenhua", "lzh", "liu", "19906350010"])
def test_an_account_is_found_by_name_spelling_user_name_or_phone(
    q: str, browse: Any, make: Make, cast: Cast
) -> None:
    row = make.session.get_one(Account, cast.liu.id)
    row.pinyin, row.initials = "liuzhenhua", "lzh"
    make.session.commit()
    page = browse(cast.xi).get(f"/settings/accounts?q={q}")
    assert "刘振华" in page.text
    assert "王督" not in page.text


def test_accounts_are_narrowed_by_role_and_state(browse: Any, cast: Cast) -> None:
    browser = browse(cast.an)
    page = browser.get("/settings/accounts?role=coordinator")
    assert ("赵调度" in page.text, "王督" in page.text) == (True, False)
    assert "没有符合条件的账号" in browser.get("/settings/accounts?state=inactive").text
    assert "没有符合条件的账号" in browser.get("/settings/accounts?q=😀").text


def test_a_new_account_gets_a_password_shown_once(app: Flask, browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.xi)
    words: dict[str, Any] = {"username": "ding", "name": "丁督", "roles": ["supervisor", "coordinator"]}
    wrong = sent(browser, "/settings/accounts/new", 400, **words)
    assert "不能由一人兼任" in wrong.text
    assert "ding" in wrong.html
    page = sent(browser, "/settings/accounts/new", username="ding", name="丁督", roles=["supervisor"])
    password = shown_password(page)
    assert "new_password" in entered(app, "ding", password)
    made = make.session.scalars(select(Account).where(Account.username == "ding")).one()
    assert password not in browser.get(f"/settings/accounts/{made.id}").html


def test_an_administrators_account_waits_for_the_other_administrator(
    app: Flask, browse: Any, make: Make, cast: Cast
) -> None:
    page = sent(browse(cast.xi), "/settings/accounts/new", username="shen2", name="第二审计", roles=["auditor"])
    assert "还要由安全管理员启用" in page.text
    password = shown_password(page)
    assert "已停用" in entered(app, "shen2", password)
    made = make.session.scalars(select(Account.id).where(Account.username == "shen2")).one()
    make.session.rollback()
    browse(cast.xi).get(f"/settings/accounts/{made}/state", 403)
    sent(browse(cast.an), f"/settings/accounts/{made}/state")
    assert "已停用" not in entered(app, "shen2", password)


def test_putting_out_of_use_says_what_hangs_on_a_person(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.xi)
    page = browser.get(f"/settings/accounts/{cast.zhang.id}/state")
    assert "张建华仍是聊城甲制造有限公司的服务专员" in page.text
    assert "请先由调度员办理交接" in sent(browser, f"/settings/accounts/{cast.zhang.id}/state", 409).text
    assert "账号已停用" in sent(browser, f"/settings/accounts/{cast.wu.id}/state").text
    assert "账号已启用" in sent(browser, f"/settings/accounts/{cast.wu.id}/state").text


def test_out_of_use_ends_the_session_at_once(browse: Any, make: Make, cast: Cast) -> None:
    theirs = browse(cast.liu)
    sent(browse(cast.xi), f"/settings/accounts/{cast.liu.id}/state")
    theirs.get("/inbox/")
    assert theirs.url == "/login"


def test_roles_are_changed_by_the_security_administrator(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.an)
    page = sent(browser, f"/settings/accounts/{cast.liu.id}/roles", 400, roles=["leader", "auditor"])
    assert "互相独立" in page.text
    assert "请至少选择一个角色" in sent(browser, f"/settings/accounts/{cast.liu.id}/roles", 400, roles=[]).text
    page = sent(browser, f"/settings/accounts/{cast.liu.id}/roles", roles=["leader", "coordinator"])
    assert "角色已保存" in page.text
    make.session.rollback()
    assert make.session.get_one(Account, cast.liu.id).roles == {Role.LEADER, Role.COORDINATOR}


def test_a_lock_is_seen_and_ended(app: Flask, browse: Any, make: Make, cast: Cast) -> None:
    for _ in range(logins.MOST_FAILURES):
        entered(app, "liu", "wrong")
    browser = browse_from_elsewhere(app, cast.an)
    page = browser.get("/settings/locks")
    assert "刘振华" in page.text
    assert "127.0.0.1" in page.text
    assert "已锁定" in browser.get("/settings/accounts?state=locked").text
    page = browser.post(f"/settings/accounts/{cast.liu.id}/unlock", csrf_token=token(page))
    assert "已解除锁定" in page.text
    assert "没有锁定或登录失败的账号" in browser.get("/settings/locks").text


def browse_from_elsewhere(app: Flask, person: Person) -> Browser:
    """Signed in before anything failed: the address itself is locked by now."""
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    return browser.sign_in(person)


def test_passwords_of_offices_are_the_system_administrators(app: Flask, browse: Any, cast: Cast) -> None:
    page = sent(browse(cast.xi), f"/settings/accounts/{cast.wang.id}/password")
    password = shown_password(page)
    assert "new_password" in entered(app, "wang", password)
    for who in (cast.zhang, cast.an, cast.shen, cast.xi):
        browse(cast.xi).get(f"/settings/accounts/{who.id}/password", 403)


def test_sessions_are_ended_by_both_administrators(browse: Any, make: Make, cast: Cast) -> None:
    for who in (cast.xi, cast.an):
        theirs = browse(cast.liu)
        browser = browse(who)
        page = browser.get(f"/settings/accounts/{cast.liu.id}")
        browser.post(f"/settings/accounts/{cast.liu.id}/sessions", csrf_token=token(page))
        theirs.get("/inbox/")
        assert theirs.url == "/login"


# The audit log


def logged(make: Make, who: Person, deed: str, subject: str, **detail: Any) -> None:
    auditing.record(make.work(who), deed, subject, **detail)
    make.session.commit()


@pytest.fixture
def log(make: Make, cast: Cast) -> None:
    logged(make, cast.zhao, "pair", "聊城甲制造有限公司", officer="张建华")
    make.at(shanghai(2026, 11, 24, 8))
    logged(make, cast.wang, "change_category", "消防验收", days=[None, 3], is_shielded=[False, True])
    make.at(shanghai(2026, 11, 25, 8))
    logged(make, cast.zhao, "export", "诉求列表", filter={"q": "=1+1"}, rows=3)


@pytest.mark.usefixtures("log")
def test_the_log_is_read_newest_first_in_words(browse: Any, cast: Cast) -> None:
    page = browse(cast.shen).get("/audit/")
    assert page.text.index("诉求列表") < page.text.index("消防验收") < page.text.index("聊城甲制造")
    assert "天数：无 → 3" in page.text
    assert "隐去企业名称：否 → 是" in page.text
    assert "change_category" not in page.text


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=zhao", {"诉求列表", "聊城甲制造有限公司"}),
        ("who=王督", {"消防验收"}),
        ("deed=pair", {"聊城甲制造有限公司"}),
        ("q=甲制造", {"聊城甲制造有限公司"}),
        ("since=2026-11-24", {"诉求列表", "消防验收"}),
        ("since=2026-11-24&until=2026-11-24", {"消防验收"}),
        ("until=2026-11-23", {"聊城甲制造有限公司"}),
        ("since=昨天&deed=nonsense", {"诉求列表", "消防验收", "聊城甲制造有限公司"}),
        ("q=😀", set()),
    ],
)
def test_the_log_is_narrowed(query: str, found: set[str], browse: Any, cast: Cast) -> None:
    table = browse(cast.shen).get(f"/audit/?{query}").html.partition("<tbody>")[2]
    subjects = {"诉求列表", "消防验收", "聊城甲制造有限公司"}
    assert {one for one in subjects if one in table} == found


def test_the_log_is_paged_without_losing_or_repeating(browse: Any, make: Make, cast: Cast) -> None:
    for number in range(120):
        auditing.record(make.work(cast.wang), "setting", f"第{number}项")
    make.session.commit()
    browser = browse(cast.shen)
    seen, url = [], "/audit/?q=项"
    while url:
        page = browser.get(url)
        seen += [number for number in range(120) if f"第{number}项<" in page.html]
        url = page.links.get("下一页", "").replace("&amp;", "&")
    assert sorted(seen) == list(range(120))
    assert len(seen) == 120


@pytest.mark.usefixtures("log")
def test_the_export_is_the_log_as_filtered_and_is_logged_itself(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.shen)
    page = browser.get("/audit/?who=zhao")
    form = next(one for one in page.forms if one.action.startswith("/audit/export"))
    response = browser.client.post(form.action, data=form.values)
    sheet = load_workbook(BytesIO(response.data)).active
    assert sheet is not None
    cells = [[str(one.value or "") for one in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[5] for row in cells] == ["诉求列表", "聊城甲制造有限公司"]
    assert {one.data_type for row in sheet.iter_rows(min_row=4) for one in row[1:] if one.value} == {"s"}
    make.session.rollback()
    last = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.deed, last.subject, last.actor_id, last.detail["rows"]) == ("export", "审计日志", cast.shen.id, 2)


def test_the_page_says_what_the_last_verification_found(
    browse: Any, make: Make, cast: Cast, database: TestDatabase
) -> None:
    assert "还没有核验过" in browse(cast.shen).get("/audit/").text
    make.handled()
    make.session.close()
    anchor.run(Context(database.engine, FixedTime(shanghai(2026, 11, 24, 0, 30))))
    assert "1 件诉求" in browse(cast.shen).get("/audit/").text
    assert "均完整、未被改动" in browse(cast.shen).get("/audit/").text


@pytest.mark.usefixtures("log")
def test_the_log_cannot_be_changed_or_cut(make: Make) -> None:
    for statement in ("UPDATE audit_entry SET subject = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError):
            make.session.execute(text(statement))
        make.session.rollback()


def test_no_page_costs_more_than_eight_statements(
    app: Flask, browse: Any, make: Make, cast: Cast
) -> None:
    with app.app_context():
        engine = db.engine
    pages = {
        "wang": ("/settings/", "/settings/limits", "/settings/limits/acceptance", "/settings/ladder",
                 "/settings/ladder/resolution.breach", "/settings/changes/", "/settings/categories",
                 "/settings/categories/0502", "/settings/values", "/settings/calendar"),
        "xi": ("/settings/", "/settings/accounts", f"/settings/accounts/{cast.zhang.id}"),
        "an": ("/settings/locks", f"/settings/accounts/{cast.zhang.id}/roles"),
        "shen": ("/audit/", "/audit/?who=zhao&since=2026-11-01"),
    }  # fmt: skip
    for name, addresses in pages.items():
        browser = browse(getattr(cast, name))
        for address in addresses:
            browser.get(address)  # what is configured is read once
            with counted(engine) as statements:
                browser.get(address)
            assert len(statements) <= 8, (address, statements)


def test_no_administrator_finds_a_ticket(browse: Any, make: Make, cast: Cast) -> None:
    number = make.handled().number
    make.session.commit()
    for who in (cast.xi, cast.an, cast.shen):
        browser = browse(who)
        for url in (f"/tickets/{number}", "/tickets/", "/oversight/", "/roster/", "/settings/limits"):
            browser.get(url, 404)
