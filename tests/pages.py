"""A browser for tests: signs somebody in, fetches pages and sends forms as they stand; every page fetched is checked.

Checked of each page: one h1, a title, a label for every field, a CSRF token in every form that posts, no script or
style in it, no raw English value where a Chinese word belongs. Real browsers are in `tests/browser`.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Person

VOID = frozenset({"input", "br", "img", "meta", "link", "hr"})
RAW = re.compile(r"\b(?:Status|Rating|Result|Action|Outcome|ClockKind)\.[A-Z_]+\b|\bNone\b|\bUndefined\b")


@dataclass
class Form:
    """A form of a page: where it goes and what it would send if nothing were touched."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """One page, parsed: `text` is what a person reads, `forms` what he can send."""

    def __init__(self, html: str, status: int = 200, url: str = "") -> None:
        super().__init__()
        self.html, self.status, self.url = html, status, url
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.headings: list[str] = []
        self.title = ""
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.inline: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self._area: str | None = None
        self._link: tuple[str, list[str]] | None = None
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self._words)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        is_plain = given.get("type") == "application/json"  # values for a script, never run
        if "style" in given or (tag == "script" and "src" not in given and not is_plain):
            self.inline.append(tag)
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "label":
            self.labelled.add(given.get("for", "(around)"))
        elif tag == "a" and "href" in given:
            self._link = (given["href"], [])
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._select[1].append(given.get("value", ""))
            if "selected" in given:
                self._select[2].append(given.get("value", ""))

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if tag == "button":
            if self._form is not None:
                self._form.buttons.append(given)
            return
        if kind != "hidden":
            self.fields.append(
                {"id": given.get("id", ""), "inside": "label" if "label" in self._open else ""}
            )
        if self._form is None or not name:
            return
        self._form.names.add(name)
        if tag == "select":
            self._select = (name, [], [])
        elif tag == "textarea":
            self._area = name
            self._form.values[name] = [""]
        elif kind in ("checkbox", "radio"):
            if "checked" in given:
                self._form.values.setdefault(name, []).append(given.get("value", "on"))
        elif kind != "file":
            self._form.values.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._form is not None and self._area is not None:
                # A browser drops the first line end of a text area.
                text = self._form.values[self._area][0]
                self._form.values[self._area] = [text.removeprefix("\r\n").removeprefix("\n")]
            self._area = None
        elif tag == "select" and self._select is not None and self._form is not None:
            name, offered, selected = self._select
            self._form.values[name] = selected or offered[:1]
            self._select = None
        elif tag == "a" and self._link is not None:
            self.links[re.sub(r"\s+", " ", "".join(self._link[1])).strip()] = self._link[0]
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.values[self._area][0] += data
            return
        if "title" in self._open and "head" in self._open:
            self.title += data
        elif "h1" in self._open:
            self.headings.append(data.strip())
        if self._link is not None:
            self._link[1].append(data)
        if not {"head", "script"} & set(self._open):
            self._words.append(data)

    def form(self, action: str = "") -> Form:
        """The form that posts to an address, or the one that has more than buttons."""
        posting = [one for one in self.forms if one.method == "post"]
        if action:
            return next(one for one in posting if one.action == action)
        return max(posting, key=lambda one: len(one.names))

    def check(self) -> "Page":
        assert self.title.strip(" -").replace("助企远航", "").strip(" -"), "the page has no title"
        assert self.html.count("<h1") == 1, "a page has one h1"
        assert "".join(self.headings), "the h1 is empty"
        bare = [one["id"] for one in self.fields if not one["inside"] and one["id"] not in self.labelled]
        assert not bare, f"fields without a label: {bare}"
        for form in self.forms:
            twice = {one.get("name") for one in form.buttons} & form.names
            assert not twice, f"a button and a field say the same: {twice}"
            assert form.method == "get" or "csrf_token" in form.values, f"no CSRF token in {form.action}"
        assert not self.inline, f"script or style in the page: {self.inline}"
        assert not (found := RAW.search(self.text)), f"a raw value on the page: {found}"
        return self


class Browser:
    """One person's browser; `url` is where it is."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client = app.test_client()
        self.url = "/"
        if person is not None:
            self.sign_in(person)

    def sign_in(self, person: Person) -> "Browser":
        form = self.get("/login").form()
        words = {**form.values, "username": person.username, "password": PASSWORD}
        assert self.client.post("/login", data=words).status_code == 302, f"{person.name} could not sign in"
        return self

    def get(self, url: str, status: int = 200) -> Page:
        return self._page(self.client.get(url, follow_redirects=True), status)

    def post(self, url: str, status: int = 200, /, **fields: Any) -> Page:
        return self._page(
            self.client.post(url, data=fields, follow_redirects=True, content_type="multipart/form-data"),
            status,
        )

    def send(self, page: Page, status: int = 200, action: str = "", **fields: Any) -> Page:
        """Fill in the form of a page and send it."""
        form = page.form(action)
        return self.post(form.action or page.url, status, **{**form.values, **fields})

    def submit(self, url: str, status: int = 200, **fields: Any) -> Page:
        """Fetch the page of a form, fill it in and send it."""
        return self.send(self.get(url), status, **fields)

    def _page(self, response: TestResponse, status: int) -> Page:
        self.url = response.request.path
        text = response.get_data(as_text=True)
        assert response.status_code == status, f"{self.url}: {response.status_code}\n{Page(text).text[:500]}"
        assert response.mimetype == "text/html"
        asked = response.request.query_string.decode()  # a form without an action goes to the whole address
        page = Page(text, response.status_code, f"{self.url}?{asked}" if asked else self.url)
        return page.check() if "<html" in text else page


@pytest.fixture
def browse(app: Flask) -> Any:
    """`browse(cast.zhang)`: a browser in which he has signed in."""
    return lambda person=None: Browser(app, person)
