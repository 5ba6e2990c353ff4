"""What the tests of the roster's pages share: sending a page's own form, the last entry of the audit log."""

from typing import Any

from sqlalchemy import select

from assist.models import AuditEntry
from tests.make import Make
from tests.pages import Browser, Page


def sent(browser: Browser, url: str, status: int = 200, **fields: Any) -> Page:
    """Fetch a page and send its own form, which goes back to the page's address."""
    form = next(one for one in browser.get(url).forms if one.method == "post" and not one.action)
    return browser.post(url, status, **{**form.values, **fields})


def log(make: Make) -> AuditEntry:
    make.session.rollback()
    return make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
