"""The list of tickets: filtered, searched, paged and exported inside what the reader may see."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from assist.services import handling
from assist.services.queries import ticket_lists
from tests.cast import Cast
from tests.make import Make


def numbers(text: str) -> list[str]:
    return re.findall(r"LC-\d{8}-\d{4}", text)


def test_a_two_character_word_and_even_one_character_is_found(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.ticket("厂区污水管网没有接通，靠罐车外运。")
    make.ticket("招不到熟练焊工。")
    browser = browse(cast.wang)
    for words in ("污水", "罐车 管网", "焊", ticket.number, "聊城甲"):
        found = numbers(browser.get(f"/tickets/?q={words}").text)
        assert found, words
    assert set(numbers(browser.get("/tickets/?q=污水").text)) == {ticket.number}
    assert numbers(browser.get("/tickets/?q=天然气").text) == []


def test_internal_words_are_found_by_those_who_may_read_them(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    make.act(cast.zhang, ticket, handling.progress, "内部研判：拟走绿色通道", is_visible=False)
    assert ticket.number in browse(cast.wang).get("/tickets/?q=研判").text
    assert ticket.number in browse(cast.zhang).get("/tickets/?q=研判").text
    assert numbers(browse(cast.li).get("/tickets/?q=研判").text) == []


def test_pages_follow_each_other_without_gap_or_overlap(
    make: Make, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_lists, "PAGE", 3)
    monkeypatch.setattr(ticket_lists.page, "__defaults__", (None, 3))
    made = [make.ticket(f"第{count}件诉求").number for count in range(8)]
    browser = browse(cast.wang)
    for query in ("/tickets/", "/tickets/?sort=due", "/tickets/?q=诉求"):
        page, seen = browser.get(query), []
        while True:
            seen += list(dict.fromkeys(numbers(page.text)))
            following = re.search(r'href="(/tickets/\?[^"]*)"[^>]*>\s*下一页', page.html)
            if following is None:
                break
            page = browser.get(following[1].replace("&amp;", "&"))
        assert sorted(seen) == sorted(made), query
        back = re.search(r'href="(/tickets/\?[^"]*)"[^>]*>\s*上一页', page.html)
        assert back is not None
        before = browser.get(back[1].replace("&amp;", "&"))
        assert list(dict.fromkeys(numbers(before.text))) == seen[3:6], query


def test_a_bent_or_foreign_cursor_leads_to_the_first_page(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.ticket()
    browser = browse(cast.wang)
    for at in ("x", "W10.abc", "a" * 500):
        assert ticket.number in browser.get(f"/tickets/?at={at}").text


def test_nonsense_in_a_filter_is_left_out_and_never_an_error(make: Make, cast: Cast, browse: Any) -> None:
    make.ticket()
    browser = browse(cast.wang)
    for query in (
        "state=nonsense",
        "area=999999",
        "since=2026-99-99",
        "category=;DROP",
        "q='\"*:(",
        "q=" + "字" * 3000,
        "q=😀",
        "figure=on_time",
        "told_at=x&figure=on_time&since=2026-11-01",
        "officer=-1",
        "sort=zzz",
    ):
        browser.get(f"/tickets/?{query}")


def test_filters_narrow_and_the_number_of_rows_is_said(make: Make, cast: Cast, browse: Any) -> None:
    handled, waiting = make.handled(), make.ticket("还没有受理的")
    browser = browse(cast.wang)
    page = browser.get("/tickets/?state=handling")
    assert handled.number in page.text
    assert waiting.number not in page.text
    assert "共 1 件" in page.text
    assert "导出 1 条" in page.html


def test_an_export_holds_the_filtered_rows_as_text_and_is_logged(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.ticket('=HYPERLINK("http://x")，公式开头的标题', title="=1+1", category="0502")
    make.ticket("另一件", category="0201")
    browser = browse(cast.wang)
    page = browser.get("/tickets/?category=0502")
    form = next(one for one in page.forms if "export" in one.action)
    response = browser.client.post(form.action, data=form.values)
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(response.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=4))
    assert [row[0].value for row in rows] == [ticket.number]
    assert rows[0][2].value == "=1+1"
    assert rows[0][2].data_type == "s"
    assert "王" in str(sheet["A2"].value)


def test_an_officer_lists_only_his_own(make: Make, cast: Cast, browse: Any) -> None:
    own, other = make.ticket(), make.ticket(by=cast.sun)
    page = browse(cast.zhang).get("/tickets/").text
    assert own.number in page
    assert other.number not in page
