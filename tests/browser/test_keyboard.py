"""By keyboard alone: signing in, submitting, working on a ticket. The focus can always be seen."""

from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.steps import CALLED, PROBLEM, TITLE
from tests.browser.windows import Window
from tests.cast import PASSWORD, Cast, Person
from tests.make import Make

MOST_STOPS = 60
# The ring is drawn by the control itself, or by the face beside it.
SHOWS_FOCUS = """element => [element, element.nextElementSibling].some(one => {
    const style = one && getComputedStyle(one);
    return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
})"""


def tab_to(window: Window, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that it shows."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(SHOWS_FOCUS), f"the focus cannot be seen on {target}"
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def write(window: Window, label: str, text: str) -> None:
    tab_to(window, window.page.get_by_label(label))
    window.page.keyboard.type(text)


def press(window: Window, target: Locator, key: str = "Enter") -> None:
    tab_to(window, target)
    window.page.keyboard.press(key)
    window.page.wait_for_load_state()


def sign_in(window: Window, person: Person) -> None:
    window.go("/login")
    write(window, "用户名", person.username)
    write(window, "密码", PASSWORD)
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(lambda url: "/login" not in url)


def test_an_enterprise_submits_by_keyboard_alone(cast: Cast, visit: Callable[..., Window]) -> None:
    window = visit()
    sign_in(window, cast.chen)
    press(window, window.page.get_by_role("link", name="提交诉求"))
    write(window, "遇到了什么问题", PROBLEM)
    press(window, window.page.get_by_role("button", name="提交诉求"))
    window.sees("诉求已提交，编号 LC-", TITLE)


def test_an_officer_registers_a_call_by_keyboard_alone(
    cast: Cast, make: Make, visit: Callable[..., Window]
) -> None:
    make.ticket(PROBLEM)
    make.session.close()
    window = visit()
    sign_in(window, cast.zhang)
    press(window, window.row(TITLE).get_by_role("link", name="首联登记"))
    tab_to(window, window.page.get_by_role("radio", name="电话"))
    window.page.keyboard.press("Space")
    write(window, "联系情况", CALLED)
    press(window, window.page.get_by_role("button", name="保存首联登记"))
    window.sees("首联登记已保存。", CALLED)
