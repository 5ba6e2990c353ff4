"""驾驶舱: five numbers and six charts; every number opens what it counted, on the page and as a workbook."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.status import Rating, RatingReason
from assist.extensions import db
from assist.models import Chain, Enterprise
from tests.cast import Cast
from tests.lateness import late
from tests.make import Make
from tests.statements import counted

NUMBERS = re.compile(r'href="((?:/tickets/|/figures/months/times)\?[^"]+)"[^>]*>\s*(?:<b>)?(\d+)<')
CHARTS = ("trend", "heat", "ages", "units", "loads", "spent")
TITLES = (
    "各项比率走势",
    "县（市、区）与类别：按期办结率", "在办诉求已提交多久", "承办单位反馈", "专员在办", "办理时长",
)


@pytest.fixture
def lively(make: Make, cast: Cast) -> Make:
    """One closed, one badly rated, one returned, one late, one of the other enterprise; with a unit's task."""
    make.closed()
    make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    make.returned()
    make.signed()
    make.ticket(by=cast.sun)
    late(make)
    return make


def test_every_number_opens_exactly_the_tickets_it_counts(lively: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.get("/figures/?period=2026")
    links = set(NUMBERS.findall(page.html))
    assert len(links) > 12
    for address, number in links:
        listed = browser.get(unescape(address))
        assert f"共 {number} 件" in listed.text, address


def test_every_cell_of_the_heat_table_opens_its_denominator(lively: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.get("/figures/?period=2026&heat=original_on_time")
    cells = re.findall(r'<td class="heat[^"]*"><a href="([^"]+)"><b>[^<]+</b> <span>(\d+)/(\d+)<', page.html)
    assert len(cells) >= 6
    for address, _, number in cells:
        assert "figure=original_on_time" in address
        assert f"共 {number} 件" in browser.get(unescape(address)).text, address


def test_the_page_is_whole_without_a_script(lively: Make, cast: Cast, browse: Any) -> None:
    page = browse(cast.wang).get("/figures/?period=2026")
    for title in TITLES:
        assert title in page.text
    assert page.html.count('class="rows chart-table"') == len(CHARTS) - 1
    assert "市生态环境局" in page.text
    assert "3个工作日以内" in page.text


@pytest.mark.parametrize(
    ("narrowed", "late_count"), [("area={jia}", 3), ("area={yi}", 1), ("chain={chain}", 3), ("category=05", 2)]
)
def test_everything_is_narrowed_and_so_are_the_lists_behind(
    narrowed: str, late_count: int, lively: Make, cast: Cast, browse: Any
) -> None:
    chain = lively.session.query(Chain).first()
    jia, yi = (lively.session.get_one(Enterprise, id) for id in (cast.jia, cast.yi))
    assert chain is not None
    jia.chain_id = chain.id
    lively.session.commit()
    browser = browse(cast.wang)
    query = narrowed.format(jia=jia.area_id, yi=yi.area_id, chain=chain.id)
    page = browser.get(f"/figures/?{query}")
    found = re.search(r'href="([^"]+)">\s*<b>(\d+)</b><span class="count-label">超期', page.html)
    assert found is not None
    listed = browser.get(unescape(found[1]))
    assert f"共 {found[2]} 件" in listed.text
    everywhere = browser.get("/figures/")
    assert page.html.count("<td") > 0
    assert everywhere.text != page.text
    for address, number in set(NUMBERS.findall(page.html)):
        assert query.split("=")[0] in address
        assert f"共 {number} 件" in browser.get(unescape(address)).text, address


@pytest.mark.parametrize("key", CHARTS)
def test_each_chart_is_a_workbook_of_the_same_numbers(key: str, lively: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.get("/figures/?period=2026")
    (form,) = (form for form in page.forms if form.action.startswith(f"/figures/{key}.xlsx"))
    answer = browser.client.post(form.action, data={"csrf_token": form.values["csrf_token"][0]})
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert "2026年" in str(sheet["A2"].value)
    assert "督查室" in str(sheet["A2"].value)
    named = [str(row[1]) for row in rows[1:] if row[1]]
    assert named
    assert all(name in page.text for name in named)
    whole = [int(value) for row in rows[1:] for value in row if isinstance(value, int)]
    assert sum(whole) > 0


def test_taking_a_chart_out_is_logged_and_an_unknown_one_is_not_found(lively: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.get("/figures/")
    token = page.forms[-1].values["csrf_token"][0]
    assert browser.client.post("/figures/happiness.xlsx", data={"csrf_token": token}).status_code == 404
    browser.client.post("/figures/ages.xlsx", data={"csrf_token": token})
    assert "驾驶舱：在办诉求已提交多久" in browse(cast.shen).get("/audit/").text


def test_officers_are_listed_by_name_with_what_is_open(lively: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.get("/figures/officers?least=1&most=2")
    assert "李" in page.text
    links = re.findall(r'href="(/tickets/\?[^"]*officer=[^"]+)"[^>]*>(\d+)<', page.html)
    assert links
    for address, number in links:
        assert f"共 {number} 件" in browser.get(unescape(address)).text
    assert "没有这样的专员" in browser.get("/figures/officers?least=21").text


def test_each_sees_what_he_may(lively: Make, cast: Cast, browse: Any) -> None:
    """The coordinator of 甲's area and the leader of its group see nothing of 乙."""
    jia, yi = (lively.session.get_one(Enterprise, id).area_id for id in (cast.jia, cast.yi))
    city = _due(browse(cast.zhao).get("/figures/?period=2026"))
    own = _due(browse(cast.qian).get("/figures/?period=2026"))
    group = _due(browse(cast.liu).get("/figures/?period=2026"))
    assert own == group
    assert own < city
    assert _due(browse(cast.qian).get(f"/figures/?period=2026&area={yi}")) == 0
    assert _due(browse(cast.qian).get(f"/figures/?period=2026&area={jia}")) == own


def _due(page: Any) -> int:
    """应办结 of the whole period, as beside 按期办结率."""
    found = re.search(r"按期办结率</span>\s*<span class=\"count-note\">\d+ / (\d+)", page.html)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "query",
    [
        "period=abc&area=x&chain=-1&category=zzz&heat=happiness",
        "period=2199-01",
        "since=2026-12-31&until=2026-01-01",
        "since=0001-01-01&until=9999-12-31",
        "area=99999999999999999999",
        "area=２",
    ],
)
def test_nonsense_in_the_address_is_left_out(query: str, cast: Cast, browse: Any) -> None:
    page = browse(cast.wang).get(f"/figures/?{query}")
    assert "2026年11月" in page.text


def test_any_dates_may_be_asked_for(lively: Make, cast: Cast, browse: Any) -> None:
    page = browse(cast.wang).get("/figures/?since=2026-11-23&until=2026-11-29")
    assert "2026-11-23至2026-11-29" in page.text


@pytest.mark.parametrize("who", ["wang", "qian", "liu"])
def test_the_page_stays_within_eight_statements(
    who: str, lively: Make, cast: Cast, browse: Any, session: Session
) -> None:
    session.close()
    browser = browse(getattr(cast, who))
    with browser.client.application.app_context():
        engine = db.engine
    browser.get("/figures/")
    for query in ("", "?period=2026-10", "?period=2026-Q3&area=1&chain=1", "?category=05"):
        with counted(engine) as statements:
            browser.get(f"/figures/{query}")
        assert len(statements) <= 8, statements


def test_an_answer_of_the_same_day_took_no_day_and_silent_days_are_not_counted(
    make: Make, cast: Cast, browse: Any
) -> None:
    """Submitted on Monday the 23rd, answered at once; and one answered after a week-end."""
    make.closed()
    slow = make.handled()
    make.at(shanghai(2026, 11, 30, 9))
    make.closed(make.answered(slow))
    page = browse(cast.wang).get("/figures/")
    row = re.search(r"<th scope=\"row\">[^<]+</th>(.*?)</tr>", page.html[page.html.index('id="spent"') :], re.DOTALL)
    assert row is not None
    values = re.findall(r">([\d.]+)</a>|>\s*(\d+)\s*</td>", row[1])
    assert [a or b for a, b in values] == ["2", "0", "2.5", "5"]
