"""Files going up with a form and down through their ticket's rule: what web/uploads.py and web/files.py promise."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.models import Account, Attachment, Ticket
from assist.models.engine import begin_writing
from assist.services import attachments
from assist.services.file_store import Store
from tests import files
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.files import Sent
from tests.make import Make
from tests.pages import Browser, Page

WORDS = "污水管网未接通，环评验收无法进行。"
NEW = "/portal/tickets/new"


def store_of(app: Flask) -> Store:
    return Store(Path(app.config["ASSIST_UPLOADS"]), app.config["SECRET_KEY"])


def upload(name: str, content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.fixture
def attached(app: Flask, session: Session, make: Make, cast: Cast) -> dict[str, int]:
    """A ticket of 甲 with a file 甲 sent and an internal one of its officer; their ids."""
    ticket = make.ticket()
    store = store_of(app)
    rows = {}
    for who, name, is_visible in ((cast.chen, "设备 合同(终).pdf", True), (cast.zhang, "内部.pdf", False)):
        received = attachments.receive(store, [Sent(name, files.PDF)])
        (row,) = attachments.attach(make.work(who), store, ticket, 1, received, is_visible=is_visible)
        rows["seen" if is_visible else "internal"] = row.id
    session.commit()
    return rows


def code(app: Flask, person: Person | None, url: str) -> int:
    return Browser(app, person).client.get(url, buffered=True).status_code


def test_a_file_comes_down_as_a_download_under_its_chinese_name(
    app: Flask, attached: dict[str, int], cast: Cast
) -> None:
    answer = Browser(app, cast.chen).client.get(f"/files/{attached['seen']}", buffered=True)
    assert answer.data == files.PDF
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%E8%AE%BE%E5%A4%87%20%E5%90%88%E5%90%8C%28%E7%BB%88%29.pdf" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_unchanged_is_not_sent_again_but_its_rule_is_asked_again(
    app: Flask, attached: dict[str, int], cast: Cast
) -> None:
    url = f"/files/{attached['seen']}"
    browser = Browser(app, cast.chen)
    mark = browser.client.get(url, buffered=True).headers["ETag"]
    assert browser.client.get(url, headers={"If-None-Match": mark}, buffered=True).status_code == 304
    stranger = Browser(app, cast.sun)
    assert stranger.client.get(url, headers={"If-None-Match": mark}, buffered=True).status_code == 404


def test_a_file_follows_the_rule_of_its_ticket(app: Flask, attached: dict[str, int], cast: Cast) -> None:
    readers = {"seen": {"chen", "zhang", "wang", "zhao", "qian", "liu"}}
    readers["internal"] = readers["seen"] - {"chen"}
    for which, number in attached.items():
        for person in cast.everybody():
            expected = 200 if person.username in readers[which] else 404
            assert code(app, person, f"/files/{number}") == expected, (which, person.name)


@pytest.mark.parametrize(
    "number", ["0", "999", "99999999999999999999999", "-1", "x", "../../config.py", "1%00"]
)
def test_a_file_that_is_not_there_is_not_found(number: str, app: Flask, cast: Cast) -> None:
    assert code(app, cast.wang, f"/files/{number}") == 404


def test_who_has_not_signed_in_gets_no_file(app: Flask, attached: dict[str, int]) -> None:
    assert code(app, None, f"/files/{attached['seen']}") == 302


def test_a_file_lost_from_the_disk_is_said_so(
    app: Flask, attached: dict[str, int], cast: Cast, session: Session
) -> None:
    digest = session.scalar(select(Attachment.digest).where(Attachment.id == attached["seen"]))
    assert digest is not None
    store_of(app).path(digest).unlink()
    page = Browser(app, cast.chen).get(f"/files/{attached['seen']}", status=404)
    assert "暂时无法下载" in page.text


def sent(app: Flask, cast: Cast, status: int, **fields: object) -> tuple[Browser, Page]:
    browser = Browser(app, cast.chen)
    return browser, browser.submit(NEW, status, description=WORDS, **fields)


def test_files_go_up_with_the_problem(app: Flask, cast: Cast, session: Session) -> None:
    _, page = sent(
        app,
        cast,
        200,
        files=[upload("合同.pdf", files.PDF), upload("照片.heic", files.heic()), upload("", b"")],
    )
    assert "合同.pdf" in page.text
    names = session.scalars(select(Attachment.name).order_by(Attachment.id)).all()
    assert list(names) == ["合同.pdf", "照片.jpg"]


def test_one_bad_file_keeps_all_that_was_typed_and_chosen(app: Flask, cast: Cast, session: Session) -> None:
    browser, page = sent(
        app,
        cast,
        400,
        wish="请协调接通",
        files=[upload("合同.pdf", files.PDF), upload("设备合同.exe", b"MZ")],
    )
    assert "设备合同.exe：不支持这种文件，请上传图片、PDF、Word 或 Excel 文件。" in page.text
    assert WORDS in page.html
    assert "请协调接通" in page.html
    assert len(page.form().values["kept_files"]) == 1
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    session.rollback()
    page = browser.send(page, files=[upload("照片.jpg", files.picture())])
    names = session.scalars(select(Attachment.name).order_by(Attachment.id)).all()
    assert list(names) == ["合同.pdf", "照片.jpg"]


def test_a_kept_file_may_be_left_out_and_a_forged_one_is_refused(
    app: Flask, cast: Cast, session: Session
) -> None:
    browser, page = sent(app, cast, 400, files=[upload("合同.pdf", files.PDF), upload("坏.exe", b"MZ")])
    again = browser.send(page, 400, kept_files=["forged.token"])
    assert "已过期" in again.text
    browser.send(again, kept_files=[])
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_the_token_of_anothers_file_is_worth_nothing(app: Flask, cast: Cast, session: Session) -> None:
    _, page = sent(app, cast, 400, files=[upload("合同.pdf", files.PDF), upload("坏.exe", b"MZ")])
    token = page.form().values["kept_files"]
    thief = Browser(app, cast.sun)
    answer = thief.submit(NEW, 400, description=WORDS, kept_files=token)
    assert "已过期" in answer.text
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.pdf",
        "..\\..\\x.pdf",
        "/etc/x.pdf",
        "C:\\x.pdf",
        "x\x00.pdf",
        "😀.pdf",
        "长" * 300 + ".pdf",
    ],
)
def test_a_hostile_name_is_only_a_name(name: str, app: Flask, cast: Cast, session: Session) -> None:
    before = set(store_of(app).root.parent.rglob("*"))
    sent(app, cast, 200, files=[upload(name, files.PDF + name.encode())])
    stored = session.scalars(select(Attachment)).one()
    assert not set(stored.name) & set("/\\\0")
    assert len(stored.name) <= 120
    new = {path for path in store_of(app).root.parent.rglob("*") if path.is_file()} - before
    assert {path.name for path in new} <= {stored.digest}


def test_nothing_is_locked_while_files_are_received(
    app: Flask, cast: Cast, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer gets through while pictures are being turned."""
    real = attachments.receive
    written = []

    def meanwhile(*given: Any) -> Any:
        with Session(database.engine) as other:
            begin_writing(other)
            other.execute(update(Account).where(Account.id == cast.zhang.id).values(position="处长"))
            other.commit()
        written.append(True)
        return real(*given)

    monkeypatch.setattr(attachments, "receive", meanwhile)
    sent(app, cast, 200, files=[upload("合同.pdf", files.PDF)])
    assert written
