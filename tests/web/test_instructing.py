"""批示 on the pages: a leader's on a phone, a supervisor's with the document, the owner's reply."""

from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.models import Attachment, Instruction
from tests.cast import Cast
from tests.files import PDF
from tests.make import Make


def test_a_leader_writes_words_and_a_day_and_is_asked_nothing_else(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    browser = browse(cast.liu)
    form = browser.get(f"/tickets/{ticket.number}/instruct")
    assert "批示领导" not in form.text
    assert "文号" not in form.text
    browser.send(form, text="请抓紧😀", due_on="2026-11-27")
    page = browse(cast.zhang).get(f"/tickets/{ticket.number}")
    assert "刘振华批示" in page.text
    assert "请抓紧😀" in page.text
    assert "待落实" in page.text
    session.rollback()
    row = session.scalars(select(Instruction)).one()
    assert f"/tickets/{ticket.number}/reply-instruction?id={row.id}" in page.html


def test_a_supervisor_uploads_the_document_and_says_whose_words_they_are(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    browser = browse(cast.wang)
    address = f"/tickets/{ticket.number}/instruct"
    again = browser.submit(address, 400, text="请抓紧", due_on="2026-11-27")
    assert "请填写批示件的文号，或上传批示件" in again.text
    scan = (BytesIO(PDF), "批示件.pdf")
    browser.submit(address, text="请抓紧", due_on="2026-11-27", leader=str(cast.liu.id), files=scan)
    session.rollback()
    row = session.scalars(select(Instruction)).one()
    file = session.scalars(select(Attachment)).one()
    assert (row.leader_id, row.entered_by_id) == (cast.liu.id, cast.wang.id)
    assert (file.event_seq, file.is_visible) == (row.event_seq, False)
    assert "批示件.pdf" not in browse(cast.chen).get(f"/tickets/{ticket.number}").text


def test_the_owner_answers_beneath_the_words(make: Make, cast: Cast, browse: Any, session: Session) -> None:
    ticket = make.handled()
    browse(cast.liu).submit(f"/tickets/{ticket.number}/instruct", text="一周内解决", due_on="2026-11-27")
    officer = browse(cast.zhang)
    form = officer.get(f"/tickets/{ticket.number}/reply-instruction")
    assert "一周内解决" in form.text
    officer.send(form, text="已解决")
    officer.send(form, text="已解决")
    session.rollback()
    assert session.scalars(select(Instruction.reply)).all() == ["已解决"]
    assert "已落实" in browse(cast.liu).get(f"/tickets/{ticket.number}").text


def test_the_enterprise_reads_nothing_of_it(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    browse(cast.liu).submit(f"/tickets/{ticket.number}/instruct", text="一周内解决", due_on="2026-11-27")
    page = browse(cast.chen).get(f"/tickets/{ticket.number}").text
    assert "批示" not in page
    assert "一周内解决" not in page
