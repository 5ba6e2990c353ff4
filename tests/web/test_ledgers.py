"""Taking a ledger out on its page: how many rows it will be, phones hidden but for a reason, all of it logged."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.extensions import db
from assist.models import AuditEntry
from assist.services import exporting
from tests import ledgers
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser
from tests.statements import counted


def logged(session: Session) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.deed == "export").order_by(AuditEntry.seq)))


def sent(browser: Browser, address: str, **words: str) -> Any:
    """The answer to the form of a ledger's page as it stands, with some words changed."""
    page = browser.get(address)
    form = next(one for one in page.forms if one.method == "post" and "/ledgers/" in one.action)
    client: FlaskClient = browser.client
    return client.post(form.action, data={**form.values, **words})


def test_the_page_lists_what_is_open_to_its_reader(make: Make, cast: Cast, browse: Any) -> None:
    page = browse(cast.wang).get("/ledgers/")
    for title in ("企业诉求办理台账", "助企远航包联台账", "走访台账", "督办台账", "月度通报", "周调度表"):
        assert title in page.text
    page = browse(cast.zhou).get("/ledgers/")
    assert "督办台账" in page.text
    assert "包联台账" not in page.text
    assert "企业诉求办理台账" not in page.text


def test_the_page_says_how_many_rows_it_will_be_and_gives_what_the_filter_holds(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    make.ticket(by=cast.sun)
    wang = browse(cast.wang)
    assert "共 2 行" in wang.get("/ledgers/A").text
    page = wang.get("/ledgers/A?state=handling&since=2026-11-01&until=2026-11-30&enterprise=1")
    assert "导出 1 行" in page.html
    assert 'name="enterprise" value="1"' in page.html
    answer = sent(wang, "/ledgers/A?state=handling&since=2026-11-01&until=2026-11-30")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "20261123.xlsx" in answer.headers["Content-Disposition"]
    rows = ledgers.rows(answer.data)
    assert [row["诉求编号"] for row in rows] == [ticket.number]
    assert rows[0]["联系电话"] == "199****0001"
    told = ledgers.opened(answer.data)["A2"].value
    assert "提出时间：2026-11-01至2026-11-30　状态：办理中" in told
    assert "王督" in told
    entry = logged(session)[-1]
    assert (entry.subject, entry.actor_id, entry.detail["rows"]) == ("企业诉求办理台账", cast.wang.id, 1)
    assert entry.detail["filter"] == {"state": "handling", "since": "2026-11-01", "until": "2026-11-30"}
    assert entry.detail["phones"] == "隐去中间四位"


def test_whole_numbers_want_a_reason_each_time_and_it_is_logged(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    make.ticket("请联系 13800001234")
    wang = browse(cast.wang)
    refused = sent(wang, "/ledgers/A", phones="whole", reason="  ")
    assert refused.status_code == 400
    assert "请填写需要完整号码的原因" in refused.get_data(as_text=True)
    assert logged(session) == []
    answer = sent(wang, "/ledgers/A", phones="whole", reason="逐户电话核实")
    row = ledgers.rows(answer.data)[0]
    assert row["联系电话"] == "19906350001"
    assert "13800001234" in row["诉求内容"]
    entry = logged(session)[-1]
    assert (entry.detail["phones"], entry.detail["reason"]) == ("完整", "逐户电话核实")
    assert "138****1234" in ledgers.rows(sent(wang, "/ledgers/A").data)[0]["诉求内容"]


def test_a_ledger_has_an_address_of_its_own(make: Make, cast: Cast, browse: Any, session: Session) -> None:
    make.handled()
    wang = browse(cast.wang)
    assert len(ledgers.rows(ledgers.taken(wang.client, "/ledgers/A.xlsx"))) == 1
    assert ledgers.rows(ledgers.taken(wang.client, "/ledgers/a.xlsx?q=没有这样的词")) == []
    assert len(ledgers.rows(ledgers.taken(wang.client, "/ledgers/F.xlsx?by=area"))) == 11
    assert ledgers.last_line(ledgers.taken(wang.client, "/ledgers/F.xlsx"))[:2] == ["合计", 1]
    assert [entry.subject for entry in logged(session)] == ["企业诉求办理台账"] * 2 + ["周调度表"] * 2


def test_what_is_too_large_for_the_address_is_asked_for_on_the_page(
    make: Make, cast: Cast, browse: Any, monkeypatch: Any, session: Session
) -> None:
    make.ticket()
    make.ticket()
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 1)
    answer = browse(cast.wang).client.get("/ledgers/A.xlsx?state=open")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ledgers/A?state=open")
    assert logged(session) == []


def test_nonsense_in_the_address_is_no_error(make: Make, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    tickets = "A?since=x&until=y&area=abc&category=99&figure=zz"
    for address in (tickets, "F?week=9999-99-99&by=x", "C?kind=zz", "D?level=9"):
        wang.get(f"/ledgers/{address}")
    wang.get(f"/ledgers/A?q={'长' * 3000}")


def test_its_pages_cost_few_statements(make: Make, cast: Cast, browse: Any) -> None:
    for _ in range(4):
        make.handled()
    make.session.close()
    wang = browse(cast.wang)
    with wang.client.application.app_context():
        engine = db.engine
    letters = ("", "A", "B", "C", "D", "E", "E?by=unit", "F", "F?by=unit")
    for address in (f"/ledgers/{letter}" for letter in letters):
        wang.get(address)
        with counted(engine) as statements:
            wang.get(address)
        assert len(statements) <= 8, (address, statements)
