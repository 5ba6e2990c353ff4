"""Lists of requests: filtered, paged, exported; what a unit reads of them; how many statements their pages cost."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.requests import RequestKind
from assist.models import AuditEntry, Ticket
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

K = RequestKind


def test_lists_are_filtered_and_exported(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    jia, yi = make.handled(), make.handled(make.ticket(by=cast.sun))
    make.asked(K.DIFFICULTY, jia)
    make.decided(make.asked(K.DIFFICULTY, yi), cast.zhao)
    make.asked(K.COORDINATION, jia, on=date(2026, 11, 27))
    office = browse(cast.zhao)
    assert "共 1 项" in office.get("/requests/?view=to_decide").text
    assert "共 1 项" in office.get("/requests/?view=decided").text
    assert "共 3 项" in office.get("/requests/?view=all").text
    assert "共 2 项" in office.get("/requests/?view=all&kind=difficulty").text
    assert "共 1 项" in office.get("/requests/?view=all&kind=difficulty&status=approved").text
    assert "没有符合条件的申请" in office.get("/requests/?view=all&kind=urgency").text
    assert "共 2 项" in browse(cast.zhang).get("/requests/").text, "his own"
    assert "共 1 项" in browse(cast.liu).get("/requests/").text, "the leader's to decide"
    page = office.get("/requests/?view=all")
    address = next(one.action for one in page.forms if "export" in one.action)
    answer = office.client.post(address, data=page.form(address).values)
    assert answer.mimetype.endswith("sheet")
    with ZipFile(BytesIO(answer.data)) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()
    session.rollback()
    assert session.scalars(select(AuditEntry).where(AuditEntry.deed == "export")).one().detail["rows"] == 3


def test_a_list_goes_on_by_pages(cast: Cast, make: Make, session: Session, browse: Any, monkeypatch: Any) -> None:
    from assist.services.queries import request_lists

    monkeypatch.setattr(request_lists.page, "__defaults__", (None, 2))
    for _ in range(5):
        make.asked(K.COORDINATION, on=date(2026, 11, 27))
    leader = browse(cast.liu)
    page, seen = leader.get("/requests/"), 0
    for _ in range(3):
        seen += page.html.count('<tr data-href="/requests/')
        if "下一页" in page.links:
            page = leader.get(page.links["下一页"])
    assert seen == 5
    assert "上一页" in page.links


def test_a_unit_reads_its_own_request_and_not_whose_ticket_it_is(
    cast: Cast, make: Make, browse: Any
) -> None:
    task = make.signed()
    request = make.asked_for_task(K.DEFERRAL, task, on=date(2026, 12, 1))
    unit = browse(cast.zhou)
    for page in (unit.get("/requests/"), unit.get(f"/requests/{request.id}")):
        assert task.number in page.text
        assert task.ticket.title not in page.text
        assert "甲企业" not in page.text
    page = browse(cast.zhang).get(f"/requests/{request.id}")
    assert "任务反馈时限由11月26日17:30延至12月1日17:30" in page.text


def test_pages_of_requests_cost_a_fixed_number_of_statements(
    app: Flask, cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    from assist.extensions import db

    ticket = make.handled()
    request = make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    task = make.signed(make.dispatched(ticket=ticket))
    of_task = make.asked_for_task(K.DEFERRAL, task, on=date(2026, 12, 1))
    make.asked(K.OBJECTION, ticket, about=f"clock:{first_clock(session, ticket)}")
    for who, address in (
        (cast.zhao, "/requests/"),
        (cast.zhao, "/coordination/"),
        (cast.qian, f"/requests/{request.id}"),
        (cast.zhang, f"/requests/{of_task.id}"),
        (cast.zhang, f"/tickets/{ticket.number}"),
        (cast.zhang, f"/tickets/{ticket.number}/request"),
        (cast.zhang, f"/tickets/{ticket.number}/request?kind=coordination"),
        (cast.zhang, f"/tickets/{ticket.number}/request?kind=objection"),
    ):
        browser = browse(who)
        browser.get(address)
        with app.app_context(), counted(db.engine) as sent:
            browser.get(address)
        assert len(sent) <= 8, (address, len(sent), sent)


def first_clock(session: Session, ticket: Ticket) -> int:
    from assist.models import Clock

    return session.scalars(select(Clock.id).where(Clock.ticket_id == ticket.id).order_by(Clock.id)).first() or 0
