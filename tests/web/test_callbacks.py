"""回访 on the supervisor's pages: a list to work off, the form one click away, words that stay with supervisors."""

import re
from typing import Any

from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.status import Rating, RatingReason, Status
from assist.extensions import db
from assist.models import Ticket
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

WORDS = {"method": "phone", "person": "陈桂芳", "text": "企业说窗口仍未出件。"}


def low(make: Make, description: str = "车间二期消防验收排队") -> Ticket:
    ticket = make.ticket(description)
    return make.closed(ticket, rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))


def test_the_list_says_whom_to_call_until_when_and_leads_to_the_form(
    make: Make, cast: Cast, browse: Any
) -> None:
    ticket = low(make)
    page = browse(cast.wang).get("/oversight/callbacks")
    assert "陈桂芳" in page.text
    assert cast.chen.phone not in page.html
    assert f'href="/roster/enterprises/{cast.jia}/phones' in page.html
    assert "还剩5个工作日" in page.text
    assert f'href="/tickets/{ticket.number}/callback"' in page.html


def test_entered_once_however_often_it_is_sent_and_listed_as_done(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = low(make)
    browser = browse(cast.wang)
    form = browser.get(f"/tickets/{ticket.number}/callback")
    browser.send(form, **WORDS, result="acknowledged", rating="fair")
    browser.send(form, **WORDS, result="acknowledged", rating="fair")
    assert "没有待回访的诉求" in browser.get("/oversight/callbacks").text
    done = browser.get("/oversight/callbacks?state=done").text
    assert "未解决，但已说明清楚，同意办结" in done
    assert "基本满意" in done
    session.rollback()
    assert ticket.status is Status.CLOSED


def test_what_the_enterprise_says_beside_a_low_grade_is_not_shown_to_the_officer(
    make: Make, cast: Cast, browse: Any
) -> None:
    ticket = low(make)
    sent = {**WORDS, "text": "专员两周没来过。"}
    browse(cast.wang).submit(
        f"/tickets/{ticket.number}/callback", **sent, result="partly", rating="very_unsatisfied"
    )
    address = f"/tickets/{ticket.number}"
    assert "专员两周没来过" in browse(cast.wang).get(address).text
    assert "专员两周没来过" in browse(cast.chen).get(address).text
    officers = browse(cast.zhang).get(address).text
    assert "回访" in officers
    assert "专员两周没来过" not in officers


def test_unsolved_it_goes_back_to_the_officer_with_the_reason(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.answered()
    browse(cast.wang).submit(f"/tickets/{ticket.number}/callback", **WORDS, result="unsolved")
    session.rollback()
    assert (ticket.status, ticket.round_no) == (Status.HANDLING, 2)
    assert "企业说窗口仍未出件" in browse(cast.zhang).get(f"/tickets/{ticket.number}").text


def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(make: Make, cast: Cast, browse: Any) -> None:
    ticket = low(make)
    browser = browse(cast.wang)
    again = browser.submit(f"/tickets/{ticket.number}/callback", 400, person="陈桂芳😀", text="通话十分钟")
    assert "请选择回访方式" in again.text
    assert "请选择企业的意见" in again.text
    assert "陈桂芳😀" in again.html
    assert "通话十分钟" in again.html


def test_a_stale_callback_changes_nothing_and_says_who_was_faster(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.answered()
    browser = browse(cast.wang)
    form = browser.get(f"/tickets/{ticket.number}/callback")
    make.closed(ticket)
    again = browser.send(form, 409, **WORDS, result="solved")
    assert "陈桂芳 已于" in again.text
    assert "企业说窗口仍未出件" in again.html


def test_the_list_costs_the_same_whatever_its_length(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    for number in range(6):
        low(make, f"第{number}件")
    make.at(shanghai(2026, 12, 10, 9, 0))
    session.close()
    browser = browse(cast.wang)
    with browser.client.application.app_context():
        engine = db.engine
    browser.get("/oversight/callbacks")
    with counted(engine) as statements:
        page = browser.get("/oversight/callbacks")
    assert len(statements) <= 3, statements
    assert len(re.findall(r'<tr data-href[^>]*class="is-late"', page.html)) == 6
