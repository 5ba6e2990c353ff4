"""A real Chromium before a live server that runs on the test's own database and time.

Not here: what a person does in it (`windows`), the cast and its tickets (`tests/cast.py`, `tests/make.py`).
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.windows import DESK, PHONE, Size, Window

Visit = Callable[..., Window]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000


def chromium() -> str | None:
    """The system's Chromium."""
    wanted = os.environ.get("ASSIST_CHROMIUM", "")
    return next((found for name in (wanted, *NAMES) if name and (found := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Of a failed test the screens stay, under test-results/."""
    config.option.screenshot = "only-on-failure"
    config.option.full_page_screenshot = True
    expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is not None:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("CI needs a Chromium for the browser tests, and there is none.")
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip("there is no Chromium on this machine"))


@pytest.fixture(scope="session")
def base_url() -> None:
    """Every test has a server of its own."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium(), "args": list(FLAGS)}


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are no news."""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, served by a thread of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(site: str, new_context: Any) -> Iterator[Visit]:
    """`visit()` opens a window on an office screen, `visit(PHONE)` on a phone; nobody's browser may complain."""
    opened: list[Window] = []

    def make(size: Size = DESK, **more: Any) -> Window:
        viewport = {"width": size[0], "height": size[1]}
        is_phone = size == PHONE
        context = new_context(
            viewport=viewport, locale="zh-CN", is_mobile=is_phone, has_touch=is_phone, **more
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(Window(context, site))
        return opened[-1]

    yield make
    complaints = [line for window in opened for line in window.complaints]
    assert not complaints, "\n".join(complaints)
