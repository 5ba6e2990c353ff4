"""大屏 in a real browser at 1920 × 1080: it refreshes for days, says when it cannot, masks names, opens lists."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import Window
from tests.cast import Cast
from tests.make import Make

pytestmark = pytest.mark.only_on("sqlite")

WALL = (1920, 1080)
TIMES = 50
LOST, SIGNED_OUT = "连接中断，正在重试", "登录已失效"
COUNT = "document.querySelectorAll('*').length"
TOO_LARGE = """[document.documentElement, document.body].some(
    one => one.scrollWidth > innerWidth || one.scrollHeight > innerHeight)"""


def refreshed(page: Page, times: int) -> None:
    """Press 立即更新 and wait until that has come in."""
    page.get_by_role("button", name="立即更新").click()
    expect(page.locator("body")).to_have_attribute("data-times", str(times))


def test_everything_is_seen_at_once_and_refreshing_adds_nothing_to_the_page(
    make: Make, cast: Cast, visit: Callable[..., Window]
) -> None:
    make.handled()
    make.closed()
    make.signed()
    window = visit(WALL).sign_in(cast.wang)
    page = window.go("/figures/screen")
    expect(page.locator("[data-canvas=trend] svg")).to_be_visible()
    assert not page.evaluate(TOO_LARGE)
    refreshed(page, 1)
    before = page.evaluate(COUNT)
    for number in range(2, TIMES + 2):
        refreshed(page, number)
    assert page.evaluate(COUNT) == before
    assert not page.evaluate(TOO_LARGE)


def test_what_is_new_comes_by_itself_with_its_time_and_without_names(
    make: Make, cast: Cast, visit: Callable[..., Window]
) -> None:
    make.handled()
    window = visit(WALL).sign_in(cast.wang)
    page = window.go("/figures/screen")
    opened = page.locator("[data-number='0'] b")
    expect(opened).to_have_text("1")
    make.ticket("又一件")
    refreshed(page, 1)
    expect(opened).to_have_text("2")
    window.sees("2026年11月23日", "聊城****有限公司　专员 张**")
    window.never_sees("甲制造", "甲企业", "张建华", "陈桂芳")
    words = json.dumps(page.evaluate("fetch('/figures/screen.json').then(it => it.json())"), ensure_ascii=False)
    assert not any(name in words for name in ("甲制造", "甲企业", "张建华", "陈桂芳"))


def test_a_lost_connection_is_said_and_forgotten_when_it_is_back(
    make: Make, cast: Cast, visit: Callable[..., Window]
) -> None:
    make.handled()
    window = visit(WALL).sign_in(cast.wang)
    page = window.go("/figures/screen")
    state = page.get_by_role("status")
    with window.without_connection():
        page.get_by_role("button", name="立即更新").click()
        expect(state).to_contain_text(LOST)
        expect(page.locator("[data-number='0'] b")).to_have_text("1")
    expect(state).not_to_contain_text(LOST)
    expect(page.locator("body")).to_have_attribute("data-times", "1")


def test_whoever_was_signed_out_is_told_so(make: Make, cast: Cast, visit: Callable[..., Window]) -> None:
    window = visit(WALL).sign_in(cast.wang)
    page = window.go("/figures/screen")
    window.context.clear_cookies()
    page.get_by_role("button", name="立即更新").click()
    expect(page.get_by_role("status")).to_contain_text(SIGNED_OUT)


def test_a_mark_and_a_cell_open_their_lists(make: Make, cast: Cast, visit: Callable[..., Window]) -> None:
    make.handled()
    make.closed()
    window = visit(WALL).sign_in(cast.wang)
    page = window.go("/figures/screen")
    bars = page.locator("[data-canvas=ages] svg path[fill='#0b4ea2']")
    boxes = [box for box in (bar.bounding_box() for bar in bars.all()) if box]
    bar = max(boxes, key=lambda box: box["height"])
    with window.context.expect_page() as opened:
        page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    opened.value.wait_for_load_state()
    assert "/tickets/?" in opened.value.url
    assert "state=open" in opened.value.url
    with window.context.expect_page() as opened:
        page.locator("[data-heat][href]").first.click()
    opened.value.wait_for_load_state()
    assert "figure=on_time" in opened.value.url


def test_a_chart_on_the_desk_gives_way_to_its_table_and_opens_lists(
    make: Make, cast: Cast, visit: Callable[..., Window]
) -> None:
    make.closed()
    window = visit().sign_in(cast.wang)
    page = window.go("/figures/")
    panel = page.locator("#trend")
    expect(panel.locator("svg")).to_be_visible()
    expect(panel.get_by_role("table")).to_be_hidden()
    panel.get_by_role("button", name="看数值").click()
    expect(panel.get_by_role("table")).to_be_visible()
    panel.get_by_role("button", name="看图").click()
    expect(panel.get_by_role("table")).to_be_hidden()
