"""A browser at the doors: raw answers, so that redirects, codes and cookies can be looked at; pages are checked."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD
from tests.pages import Page

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """Posts carry the token of the page before."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, url: str) -> TestResponse:
        return self._checked(self.client.get(url))

    def token(self, page: str) -> str:
        found = TOKEN.search(self.get(page).text)
        assert found is not None
        return found[1]

    def post(self, url: str, page: str = "", **fields: str) -> TestResponse:
        return self._checked(self.client.post(url, data={"csrf_token": self.token(page or url), **fields}))

    def sign_in(self, username: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/login", username=username, password=password, **fields)

    def is_in(self) -> bool:
        return self.client.get("/me").status_code == 200

    def _checked(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.status_code != 302:
            Page(answer.text, answer.status_code).check()
        return answer
