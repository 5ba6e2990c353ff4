"""A person's window on the site: signs in by what stands on the screen and notices what a browser complains about."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.cast import PASSWORD, Person

Size = tuple[int, int]
PHONE: Size = (390, 844)
DESK: Size = (1366, 768)
# A page at 200 % on the office screen has half its width.
ZOOMED: Size = (683, 384)

# Chromium says this of every answer from 400 on; `responses` tells which of those are mistakes.
REFUSED = "Failed to load resource"


class Window:
    """One page of one person. `complaints` must be empty at the end of every test."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.base_url = base_url
        self.complaints: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        """One more tab of the same person."""
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            self.complaints.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        is_part = response.request.resource_type != "document" and response.status >= 400
        if response.status >= 500 or is_part:
            self.complaints.append(f"{response.status} {response.url}")

    def go(self, path: str) -> Page:
        self.page.goto(self.base_url + path)
        return self.page

    def sign_in(self, person: Person, password: str = PASSWORD) -> "Window":
        self.go("/login")
        self.page.get_by_label("用户名").fill(person.username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def press(self, *names: str) -> Page:
        """Press the buttons or links with these words, one after the other."""
        for name in names:
            target = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
            target.first.click()
        return self.page

    def row(self, words: str) -> Locator:
        """The line of a list in which these words stand."""
        return self.page.get_by_role("row").filter(has_text=words).first

    def choose(self, question: str, answer: str) -> None:
        """One of the large faces of a question."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_text(answer, exact=True).click()

    def fill(self, **words: str) -> None:
        """Labels and what to write there."""
        for label, text in words.items():
            self.page.get_by_label(label).fill(text)

    def sees(self, *words: str) -> None:
        """All of these words stand on the page, for the eye to see; waits while the page is coming."""
        for one in words:
            expect(self.page.get_by_text(one).filter(visible=True).first).to_be_visible()

    def sees_one_of(self, *words: str) -> None:
        """One of these words stands on the page."""
        either = re.compile("|".join(re.escape(one) for one in words))
        expect(self.page.get_by_text(either).filter(visible=True).first).to_be_visible()

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    @contextmanager
    def without_connection(self) -> Iterator[None]:
        """A tunnel: nothing goes out; what the browser says about that is no complaint."""
        before = len(self.complaints)
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        del self.complaints[before:]

    def never_sees(self, *words: str) -> None:
        """None of these words stands in the page, not even hidden."""
        html = self.page.content()
        found = [one for one in words if one in html]
        assert not found, f"on the page: {found}"
