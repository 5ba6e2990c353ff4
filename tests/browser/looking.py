"""What is wrong with a page as it stands in a window: WCAG 2.2 AA by axe, and whatever is wider than its window."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.windows import DESK, PHONE, ZOOMED, Size

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
FOLD_OUT = "document.querySelectorAll('main details:not(.menu)').forEach(one => { one.open = true; })"
LARGE = "document.documentElement.classList.add('large')"


def faults(page: Page) -> list[str]:
    """Everything wrong at an office screen, at 200 % and on a phone, with all that folds folded out; and in 大字版."""
    page.evaluate(FOLD_OUT)
    page.evaluate(AXE_SCRIPT)
    found = []
    for size in (DESK, ZOOMED, PHONE):
        found += too_wide(page, size)
        if size != ZOOMED:
            found += [f"{size[0]} px: {line}" for line in violations(page)]
    page.evaluate(LARGE)
    for size in (DESK, ZOOMED, PHONE):
        found += [f"{line} in large text" for line in too_wide(page, size)]
    return found


def too_wide(page: Page, size: Size) -> list[str]:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px: the page is {wide} px wide"] if wide > width else []


def violations(page: Page) -> list[str]:
    """What axe finds, one line an element."""
    results: dict[str, Any] = page.evaluate("rules => axe.run(rules)", RULES)
    return [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]
