"""The supervisor's page: red on top, each number opens what it counted."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.rates import month
from assist.domain.status import DeliveryStatus, Rating, RatingReason
from assist.extensions import db
from assist.models import Delivery, Message
from assist.models.engine import begin_writing
from assist.services import closing, freezing, pairing, settings
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.oversight import SHOWN
from tests.cast import Cast
from tests.lateness import late, stand_in
from tests.make import Make
from tests.statements import counted

ADDRESSES = (
    "/oversight/",
    "/oversight/?month=2026-10",
    "/oversight/figures/on_time",
    "/oversight/figures/satisfied?by=officer",
    "/oversight/callbacks",
    "/oversight/deliveries",
    "/tickets/",
    "/tickets/?q=消防",
    "/tickets/?figure=on_time&part=n&since=2026-11-01&until=2026-11-30",
)


def test_each_number_of_a_rate_opens_exactly_that_many_tickets(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    make.returned()
    browser = browse(cast.wang)
    page = browser.get("/oversight/")
    links = re.findall(r'href="(/tickets/\?figure=[^"]+)"[^>]*>(\d+)<', page.html)
    assert len(links) >= 2 * len(SHOWN) - 2
    for address, number in links:
        listed = browser.get(address.replace("&amp;", "&"))
        assert f"共 {number} 件" in listed.text, address
        assert len(set(re.findall(r"LC-\d{8}-\d{4}", listed.text))) == int(number)


def test_the_definition_is_one_click_away_and_the_figure_has_a_page(cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    assert FIGURES["on_time"].definition in browser.get("/oversight/").text
    for key, figure in FIGURES.items():
        assert figure.definition in browser.get(f"/oversight/figures/{key}").text


def test_a_vacancy_a_late_ticket_and_a_silent_scheduler_stand_in_red(
    make: Make, cast: Cast, browse: Any
) -> None:
    make.handled()
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    make.session.commit()
    make.at(shanghai(2026, 12, 10, 9))
    page = browse(cast.wang).get("/oversight/").text
    assert "1 件在办诉求无人主责" in page
    assert "1 件诉求已超过办结时限" in page
    assert "调度程序从未启动" in page


def test_a_low_grade_is_owed_a_callback(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.closed(rating=Rating.VERY_UNSATISFIED, reasons=(RatingReason.ATTITUDE,))
    page = browse(cast.wang).get("/oversight/callbacks").text
    assert ticket.number in page
    assert "评价较低" in page


def test_a_message_that_could_not_be_sent_is_shown_with_its_reason_and_sent_again(
    make: Make, cast: Cast, browse: Any
) -> None:
    make.ticket()
    message = make.session.query(Message).first()
    assert message is not None
    refused = Delivery(
        message_id=message.id,
        channel="email",
        dedupe_key="k",
        status=DeliveryStatus.DEAD,
        address="a@example.invalid",
        attempt_count=6,
        next_try_at=make.time.now(),
        error="邮件服务器拒收：550",
    )
    make.session.add(refused)
    make.session.commit()
    browser = browse(cast.wang)
    assert "邮件服务器拒收：550" in browser.get("/oversight/deliveries").text
    assert "1 条消息没有发出" in browser.get("/oversight/").text
    page = browser.get("/oversight/deliveries")
    after = browser.send(page, action=f"/oversight/deliveries/{refused.id}/again")
    assert "消息都已发出" in after.text


def test_a_month_that_makes_no_sense_is_this_month(cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    for word in ("2026-13", "abc", "2199-01", "-", "0000-00"):
        assert "2026年11月" in browser.get(f"/oversight/?month={word}").text


def test_an_unknown_figure_is_not_found(cast: Cast, browse: Any) -> None:
    browse(cast.wang).get("/oversight/figures/happiness", 404)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_stay_within_eight_statements(
    address: str, make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    make.closed()
    make.handled()
    session.close()
    browser = browse(cast.wang)
    with browser.client.application.app_context():
        engine = db.engine
    browser.get(address)
    with counted(engine) as statements:
        browser.get(address)
    assert len(statements) <= 8, statements


@pytest.mark.parametrize("by", ["area", "officer", "category"])
def test_every_number_of_who_was_late_opens_exactly_those_tickets(
    by: str, make: Make, cast: Cast, browse: Any
) -> None:
    make.signed()
    make.handled()
    make.ticket(by=cast.sun)
    stand_in(make, 30, 34)
    late(make)
    browser = browse(cast.wang)
    page = browser.get(f"/oversight/figures/on_time?month=2026-12&by={by}")
    assert "超期责任方" in page.text
    links = re.findall(r'href="(/tickets/\?figure=[^"]+party=[^"]+)"[^>]*>(\d+)<', page.html)
    assert len(links) >= (3 if by == "category" else 6)
    for address, number in links:
        assert f"共 {number} 件" in browser.get(address.replace("&amp;", "&")).text


def test_what_the_rates_leave_out_opens_its_list(make: Make, cast: Cast, browse: Any) -> None:
    make.act(cast.chen, make.ticket(), closing.withdraw, "已经自行解决")
    page = browse(cast.wang).get("/oversight/")
    assert "撤回且未超期 1 件，不予受理且未超期 0 件，并单且未超期 0 件" in page.text
    (address,) = re.findall(r'href="(/tickets/\?figure=[^"]+part=withdrawn[^"]+)"', page.html)
    assert "未计入件：撤回且未超期，共 1 件" in browse(cast.wang).get(address.replace("&amp;", "&")).text


@pytest.mark.parametrize("by", ["area", "officer"])
def test_the_page_of_a_figure_stays_within_its_statements(by: str, make: Make, cast: Cast, browse: Any) -> None:
    for _ in range(3):
        make.signed()
    late(make)
    browser = browse(cast.wang)
    address = f"/oversight/figures/on_time?month=2026-12&by={by}"
    browser.get(address)
    with browser.client.application.app_context():
        engine = db.engine
    with counted(engine) as statements:
        browser.get(address)
    assert len(statements) <= 8, statements


def test_a_frozen_month_is_shown_as_it_was_frozen_and_each_number_opens_its_list_of_then(
    make: Make, cast: Cast, browse: Any
) -> None:
    make.closed()
    waiting = make.answered()
    make.act(cast.chen, make.ticket(), closing.withdraw, "已经自行解决")
    frozen_at = shanghai(2026, 12, 7, 17, 30)
    make.at(frozen_at)
    begin_writing(make.session)
    freezing.freeze(make.work(), month(2026, 11))
    make.session.commit()
    settings.forget()
    make.at(shanghai(2026, 12, 9, 9))
    make.returned(waiting)
    browser = browse(cast.wang)
    page = browser.get("/oversight/?month=2026-11")
    assert "2026年12月7日 星期一 17:30" in page.text
    assert "冻结的数据" in page.text
    links = re.findall(r'href="(/tickets/\?figure=[^"]+)"[^>]*>(\d+)<', page.html)
    counts = {re.search(r"figure=(\w+)&amp;part=(\w+)", address)[0]: number for address, number in links}  # type: ignore[index]
    assert counts["figure=on_time&amp;part=n"] == counts["figure=on_time&amp;part=d"] == "2"
    assert counts["figure=on_time&amp;part=withdrawn"] == "1"
    for address, number in links:
        assert "told_at=2026-12-07T" in address
        assert f"共 {number} 件" in browser.get(address.replace("&amp;", "&")).text, address
    assert "冻结的数据" not in browser.get("/oversight/").text
