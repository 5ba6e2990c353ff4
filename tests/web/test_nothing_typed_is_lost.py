"""Double presses, stale pages, bad input, bad files: one act happens or none, and nothing typed is lost."""

import io
import threading
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.status import Status
from assist.domain.transitions import Action
from assist.models import Attachment, Ticket, TicketEvent
from tests.cast import Cast
from tests.make import Make

GRADING = {"category": "0502", "type": "help", "difficulty": "general", "reason": "更正类别"}
CALL = {"method": "phone", "person": "陈桂芳", "summary": "已了解情况。"}


def act(ticket: Ticket, slug: str) -> str:
    return f"/tickets/{ticket.number}/{slug}"


def fresh(session: Session, ticket: Ticket) -> Ticket:
    session.rollback()
    session.refresh(ticket)
    return ticket


def test_of_two_officers_pages_one_accepts_and_the_other_keeps_his_words(
    cast: Cast, make: Make, session: Session, app: Flask, browse: Any
) -> None:
    first, second = browse(cast.zhang), browse(cast.zhang)
    ticket = make.ticket()
    pages = [one.get(act(ticket, "accept")) for one in (first, second)]
    answers: list[Any] = []

    def press(who: Any, page: Any, reason: str) -> None:
        words = {**page.form().values, **GRADING, "reason": reason}
        answers.append(who.client.post(page.url, data=words))

    threads = [
        threading.Thread(target=press, args=(who, page, f"理由{number}"))
        for number, (who, page) in enumerate(zip((first, second), pages, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [302, 409]
    told = next(one for one in answers if one.status_code == 409).get_data(as_text=True)
    assert "张建华" in told
    assert "11月23日09:30办理了“受理”" in told
    assert "理由0" in told or "理由1" in told
    session.rollback()
    assert session.scalar(select(func.count()).where(TicketEvent.action == Action.ACCEPT)) == 1


def test_a_stale_page_whose_act_is_still_open_comes_back_with_the_new_version(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    officer = browse(cast.zhang)
    ticket = make.answered()
    page = officer.get(act(ticket, "correct-answer"))
    make.returned(ticket)
    make.answered(ticket, answer="第二次答复。")
    again = officer.send(page, 409, answer="更正后的答复", reason="写错了地点")
    assert "办理了“答复”" in again.text
    assert again.form().values["answer"] == ["更正后的答复"]
    officer.send(again)
    session.rollback()
    assert session.scalar(select(func.count()).where(TicketEvent.action == Action.CORRECT_ANSWER)) == 1


def test_a_page_without_its_version_changes_nothing(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    officer = browse(cast.zhang)
    ticket = make.ticket()
    page = officer.submit(act(ticket, "accept"), 400, **GRADING, version="")
    assert "页面已失效" in page.text
    assert fresh(session, ticket).status is Status.SUBMITTED


def test_the_same_form_sent_twice_acts_once(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer = browse(cast.zhang)
    ticket = make.handled()
    page = officer.get(act(ticket, "progress"))
    for _ in range(2):
        assert officer.send(page, text="已约好现场查看。").url == f"/tickets/{ticket.number}"
    session.rollback()
    assert session.scalar(select(func.count()).where(TicketEvent.action == Action.PROGRESS)) == 1


def test_a_form_that_failed_may_be_sent_again(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer = browse(cast.zhang)
    ticket = make.handled()
    page = officer.submit(act(ticket, "progress"), 400, text="  ")
    assert "请填写进展情况" in page.text
    assert officer.send(page, text="已约好。").url == f"/tickets/{ticket.number}"


def test_ten_thousand_characters_are_refused_and_kept(cast: Cast, make: Make, browse: Any) -> None:
    long = "长" * 10_000
    page = browse(cast.zhang).submit(act(make.handled(), "progress"), 400, text=long)
    assert "2000字以内" in page.text
    assert page.form().values["text"] == [long]


def test_odd_characters_arrive_as_they_were_typed(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    text = "第一行\r\n第二行 👷‍♀️ <script>alert(1)</script> & “引号” \x00\x08完"
    page = browse(cast.zhang).submit(act(make.handled(), "progress"), text=text, form_key="k\x00")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
    session.rollback()
    kept = session.scalars(select(TicketEvent.note).where(TicketEvent.action == Action.PROGRESS)).one()
    assert kept == "第一行\n第二行 👷‍♀️ <script>alert(1)</script> & “引号” 完"


def test_files_come_with_a_comment_and_a_bad_one_keeps_the_good(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    enterprise = browse(cast.chen)
    ticket = make.ticket()
    good = (
        io.BytesIO(
            b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        ),
        "图纸.pdf",
    )
    bad = (io.BytesIO(b"MZ\x90\x00"), "工具.exe")
    page = enterprise.submit(act(ticket, "comment"), 400, text="请看图纸。", files=[good, bad])
    assert "工具.exe" in page.text
    assert page.form().values["text"] == ["请看图纸。"]
    assert len(page.form().values["kept_files"]) == 1
    page = enterprise.send(page)
    assert "图纸.pdf" in page.text
    session.rollback()
    assert session.scalars(select(Attachment.name)).all() == ["图纸.pdf"]
    assert "图纸.pdf" in browse(cast.zhang).get(f"/tickets/{ticket.number}").text


def test_a_file_alone_is_a_comment(cast: Cast, make: Make, browse: Any) -> None:
    good = (
        io.BytesIO(
            b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        ),
        "图纸.pdf",
    )
    page = browse(cast.chen).submit(act(make.ticket(), "comment"), files=[good])
    assert "（上传了附件）" in page.text
