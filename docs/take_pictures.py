"""The pictures of the READMEs, taken of a running demo world: `make run` in one window, `make pictures` in another.

Only looks: nothing is submitted, and no answer is opened that its enterprise has not opened. Not a test.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

FOLDER = Path(__file__).parent / "pictures"
PASSWORD = "Yuanhang-2026"
OFFICE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def stay(page: Page) -> None:
    """The place itself."""


def in_hand(page: Page) -> None:
    """An enterprise's ticket on its road, one that waits for nothing of the enterprise."""
    page.locator(".card-title a").filter(has_not_text="请您确认").first.click()


def first_duty(page: Page) -> None:
    """The ticket that stands first on the desk."""
    page.locator("#priority, #mine").first.locator("a").first.click()


def first_contact(page: Page) -> None:
    """首联登记 of a new ticket, else what stands first."""
    button = page.get_by_role("link", name="首联登记")
    if button.count():
        button.first.click()
    else:
        first_duty(page)


def last_bulletin(page: Page) -> None:
    """月度通报 of the last month."""
    page.get_by_role("link", name="月通报").first.click()


@dataclass(frozen=True)
class Picture:
    """Who looks at what: from `path`, `go` leads to the page that is meant."""

    name: str
    username: str
    path: str
    size: dict[str, int]
    go: Callable[[Page], None] = stay


PICTURES = (
    Picture("portal", "qiye002", "/portal/", PHONE),
    Picture("own-ticket", "qiye002", "/portal/", PHONE, in_hand),
    Picture("desk", "zhuanyuan001", "/desk/", OFFICE),
    Picture("ticket", "zhuanyuan001", "/desk/", OFFICE, first_duty),
    Picture("first-response", "zhuanyuan001", "/desk/", OFFICE, first_contact),
    Picture("oversight", "duban01", "/oversight/", OFFICE),
    Picture("cockpit", "duban01", "/figures/", OFFICE),
    Picture("bulletin", "duban01", "/oversight/", OFFICE, last_bulletin),
    Picture("roster", "diaodu01", "/roster/", OFFICE),
)


def take(browser: Browser, site: str, wanted: Picture) -> Path:
    """Sign in, go there, take the picture of what a window of that size shows."""
    is_phone = wanted.size is PHONE
    context = browser.new_context(
        viewport=wanted.size,  # type: ignore[arg-type]  # Playwright asks for a type of its own
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = context.new_page()
    page.goto(f"{site}/login")
    page.fill("[name=username]", wanted.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出").first.wait_for(state="attached")
    answer = page.goto(site + wanted.path)
    if answer is None or not answer.ok:
        raise BrowserError(f"{wanted.path} 没有打开（{answer.status if answer else '无响应'}）")
    wanted.go(page)
    page.wait_for_load_state("networkidle")
    file = FOLDER / f"{wanted.name}.png"
    with Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))) as shot:
        # Screens have few colours: a palette makes the file a third.
        shot.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    context.close()
    return file


@click.command(help="重拍 README 里的图片；SITE 是装有演示数据的网站，NAME 只拍这几张")
@click.argument("site", default="http://127.0.0.1:8000")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def main(site: str, names: tuple[str, ...]) -> None:
    chromium = next(
        (
            found
            for name in (os.environ.get("ASSIST_CHROMIUM", ""), *CHROMIUMS)
            if (found := shutil.which(name))
        ),
        None,
    )
    if chromium is None:
        sys.exit("本机没有 Chromium，请先安装：sudo apt-get install chromium fonts-noto-cjk")
    FOLDER.mkdir(exist_ok=True)
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for wanted in PICTURES:
            if names and wanted.name not in names:
                continue
            try:
                click.echo(f"{take(browser, site.rstrip('/'), wanted).relative_to(FOLDER.parent.parent)}")
            except BrowserError as error:
                failed += 1
                click.echo(f"{wanted.name}：{str(error).splitlines()[0]}", err=True)
        browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
