"""调度台: everything that waits for a coordinator, of his area alone, each line leading to where it is done."""

from datetime import date
from typing import Any

from assist.domain.clock import shanghai
from assist.domain.requests import RequestKind
from assist.services import pairing
from tests.cast import Cast
from tests.make import Make

K = RequestKind


def test_a_coordinator_begins_at_his_own_place_and_finds_what_waits(
    cast: Cast, make: Make, browse: Any
) -> None:
    first = make.handled(make.ticket("车间消防验收一直没有排上。"))
    second = make.handled(make.ticket("消防验收还没有排上。"))
    make.asked(K.DEFERRAL, first, on=date(2026, 12, 9))
    task = make.task(second)
    make.decided(make.asked(K.SUSPENSION, second, on=date(2026, 12, 18)), cast.zhao)
    page = browse(cast.zhao).get("/")
    assert page.url == "/coordination/"
    for words in (
        "延期申请",
        "延期至12月9日",
        task.number,
        "核发",
        "挂账复核",
        "可能是同一件事",
        "本月还没有联系的企业",
    ):
        assert words in page.text, words
    assert f"/tasks/{task.number}/dispatch" in page.html
    assert f"/tickets/{second.number}/merge" in page.html


def test_an_area_sees_its_own_and_neither_dispatches_nor_reviews(
    cast: Cast, make: Make, browse: Any
) -> None:
    own = make.handled()
    other = make.handled(make.ticket(by=cast.sun))
    make.asked(K.DIFFICULTY, own)
    make.asked(K.DIFFICULTY, other)
    task = make.task(other)
    pairing.end(make.work(cast.zhao), cast.yi, "轮岗")
    make.session.commit()
    page = browse(cast.qian).get("/coordination/")
    assert own.number in page.text
    assert other.number not in page.text
    assert task.number not in page.text
    assert "每家企业都有在岗专员" in page.text
    page = browse(cast.zhao).get("/coordination/")
    assert other.number in page.text
    assert "聊城乙化工有限公司" in page.text
    assert f"/roster/enterprises/{cast.yi}/pair" in page.html


def test_who_reports_no_progress_is_named_and_can_be_urged(cast: Cast, make: Make, browse: Any) -> None:
    ticket = make.handled()
    make.at(shanghai(2026, 12, 16, 9))
    page = browse(cast.qian).get("/coordination/")
    assert "专员没有按时反馈进展 1 件" in page.text
    assert f"/tickets/{ticket.number}/nudge" in page.html
    assert "本月还没有联系的企业 1 家" in page.text
    assert "张建华" in page.text


def test_what_is_restricted_is_not_named(cast: Cast, make: Make, browse: Any) -> None:
    from assist.services import configuring

    configuring.name_for_restricted(make.work(cast.wang), cast.wang.id)
    make.session.commit()
    ticket = make.ticket("反映专员长期不联系。", category="1301")
    make.asked(K.URGENCY, ticket, cast.chen)
    assert ticket.number not in browse(cast.zhao).get("/coordination/").text
    assert ticket.number not in browse(cast.zhao).get("/requests/?view=all").text


def test_an_empty_place_says_what_would_be_here(cast: Cast, make: Make, browse: Any) -> None:
    page = browse(cast.qian).get("/coordination/")
    for words in ("没有等您审批的申请", "没有等待核发的任务", "每家企业都有在岗专员"):
        assert words in page.text
