"""A month on its page: its state, its numbers with their lists, what it leaves out, the signature, corrections."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from assist.domain.clock import shanghai
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.extensions import db
from assist.jobs import month as month_job
from assist.jobs.context import Context
from assist.models import Correction, Message, Publication, Seal
from assist.services import closing
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

DRAFTED, FROZEN = shanghai(2026, 12, 2, 9), shanghai(2026, 12, 7, 17, 30)
HERE = "/figures/months/2026-11"


def run_job(make: Make) -> dict[str, int]:
    make.session.commit()
    done = month_job.run(Context(make.session.get_bind(), make.time))  # type: ignore[arg-type]
    make.session.rollback()
    return done


def frozen(make: Make) -> None:
    make.at(FROZEN)
    run_job(make)


def sign(browser: Any, name: str = "王督", note: str = "", status: int = 200) -> Any:
    return browser.send(browser.get(HERE), status, f"{HERE}/publish", signed_name=name, note=note)


def test_a_month_goes_from_counting_over_its_draft_to_frozen_and_published(
    make: Make, cast: Cast, browse: Any
) -> None:
    make.closed()
    browser = browse(cast.wang)
    assert "统计中" in browser.get(HERE).text
    make.at(DRAFTED)
    run_job(make)
    browser = browse(cast.wang)
    page = browser.get(HERE)
    assert "草稿" in page.text
    assert "12月4日 17:30 前到诉求页提出数据异议" in page.text
    make.at(shanghai(2026, 12, 7, 17, 10))
    browser = browse(cast.wang)
    assert "异议期已过" in browser.get(HERE).text
    frozen(make)
    assert "已冻结，待签发" in browser.get(HERE).text
    sign(browser, note="经研究同意公布。")
    page = browser.get(HERE)
    assert "王督 于 2026年12月7日 星期一 17:30 签发公布。经研究同意公布。" in page.text
    assert "已发布" in browser.get("/figures/months/").text


def test_the_signature_is_the_signers_own_name_and_given_once(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    frozen(make)
    browser = browse(cast.wang)
    refused = sign(browser, "王", status=400)
    assert "签发请填写您本人的姓名“王督”。" in refused.text
    sign(browser, "王督")
    signed = make.session.scalars(select(Publication)).one()
    assert signed.hash == make.session.scalar(select(Seal.hash).where(Seal.snapshot_id == signed.snapshot_id))
    told = make.session.scalars(select(Message.recipient_id).where(Message.kind == "month_published")).all()
    assert {cast.zhao.id, cast.qian.id, cast.liu.id} == set(told)


def test_who_signs_second_is_told_who_was_first(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    frozen(make)
    first, second = browse(cast.wang), browse(cast.wang)
    page = second.get(HERE)
    sign(first)
    answer = second.send(page, 409, f"{HERE}/publish", signed_name="王督")
    assert "已由王督于12月07日17:30签发" in answer.text
    assert make.session.scalar(select(func.count(Publication.id))) == 1


def test_leaders_see_a_month_when_it_is_published(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    frozen(make)
    leader = browse(cast.liu)
    leader.get(HERE, 404)
    assert "还没有公布的月度数据" in leader.get("/figures/months/").text
    sign(browse(cast.wang))
    assert "按期办结率" in leader.get(HERE).text
    assert "signed_name" not in leader.get(HERE).html


def test_frozen_numbers_stay_with_the_present_ones_beneath(make: Make, cast: Cast, browse: Any) -> None:
    waiting = make.answered()
    frozen(make)
    make.at(FROZEN + timedelta(days=2))
    make.returned(waiting)
    page = browse(cast.wang).get(HERE).text
    assert "现值 0%（ 0 / 1 ）" in page
    assert "100%" in page


def test_each_number_opens_the_list_it_counted_when_it_was_frozen(make: Make, cast: Cast, browse: Any) -> None:
    waiting = make.answered()
    make.closed()
    make.replied(make.signed())
    frozen(make)
    make.at(FROZEN + timedelta(days=2))
    make.returned(waiting)
    browser = browse(cast.wang)
    links = re.findall(r'href="([^"]+figure=[^"]+)"[^>]*>(\d+)<', browser.get(HERE).html)
    assert len(links) > 30
    for address, number in links:
        assert f"共 {number} 件" in browser.get(address.replace("&amp;", "&")).text, address


def test_what_is_left_out_stands_there_with_its_reason(make: Make, cast: Cast, browse: Any) -> None:
    gone = make.ticket()
    make.act(cast.chen, gone, closing.withdraw, "已经自行解决")
    frozen(make)
    page = browse(cast.wang).get(HERE).text
    assert gone.number in page
    assert "已经自行解决" in page


def test_a_coordinator_reads_only_his_areas_tickets_among_them(make: Make, cast: Cast, browse: Any) -> None:
    own, other = make.ticket(), make.ticket(by=cast.sun)
    for ticket in (own, other):
        make.act(make.contact(ticket), ticket, closing.withdraw, "已经自行解决")
    frozen(make)
    page = browse(cast.qian).get(HERE).text
    assert own.number in page
    assert other.number not in page


def test_an_objection_decided_after_the_freeze_comes_as_a_correction_that_shows_both(
    make: Make, cast: Cast, browse: Any
) -> None:
    asked = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    frozen(make)
    make.at(FROZEN + timedelta(days=1))
    make.decided(asked, cast.wang)
    assert run_job(make)["corrections"] == 1
    assert run_job(make)["corrections"] == 0
    page = browse(cast.wang).get(HERE).text
    assert "更正 100%（1 / 1）" in page
    assert "0%（0 / 1）" in page
    assert "张建华对企业退回（政策所限）的异议经王督审核成立。" in page


def test_a_refused_objection_corrects_nothing(make: Make, cast: Cast) -> None:
    asked = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    frozen(make)
    make.decided(asked, cast.wang, is_approved=False)
    assert run_job(make)["corrections"] == 0


def test_nothing_of_a_frozen_month_is_objected_to_any_more(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.returned()
    officer = browse(cast.zhang)
    address = f"/tickets/{ticket.number}/request?kind=objection"
    assert "第1轮企业退回" in officer.get(address).text
    frozen(make)
    assert "第1轮企业退回" not in officer.get(address).text


def test_a_supervisor_corrects_with_a_reason_and_both_values_stay(make: Make, cast: Cast, browse: Any) -> None:
    waiting = make.answered()
    frozen(make)
    browser = browse(cast.wang)
    address = f"{HERE}/correct"
    assert "没有差别" in browser.get(address).text
    make.at(FROZEN + timedelta(days=2))
    make.returned(waiting)
    browser = browse(cast.wang)
    assert "按期办结率" in browser.get(address).text
    assert "请填写更正原因。" in browser.submit(address, 400, reason="").text
    page = browser.submit(address, reason="企业在冻结后退回。").text
    assert "更正 0%（0 / 1）" in page
    assert "企业在冻结后退回。" in page
    assert "现值" not in page
    made = make.session.scalars(select(Correction)).one()
    assert (made.no, made.by_name) == (1, "王督")


@pytest.mark.parametrize("word", ["2026-13", "2026-1", "2030-01", "abc", "2026-11-01"])
def test_what_is_no_month_is_not_found(word: str, cast: Cast, browse: Any) -> None:
    assert "404" not in browse(cast.wang).get(f"/figures/months/{word}", 404).title


def test_the_print_page_and_the_sealed_content_are_those_of_the_month(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    frozen(make)
    browser = browse(cast.wang)
    digest = make.session.scalar(select(Seal.hash).order_by(Seal.id.desc()))
    assert digest in browser.get(f"{HERE}/print").text
    answer = browser.client.get(f"{HERE}/content.json")
    assert hashlib.sha256(answer.data).hexdigest() == digest


def test_pages_of_months_are_read_in_few_statements(make: Make, cast: Cast, browse: Any) -> None:
    asked = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    make.replied(make.signed())
    make.at(shanghai(2027, 8, 20, 9))
    run_job(make)
    make.decided(asked, cast.wang)
    run_job(make)
    browser = browse(cast.wang)
    with browser.client.application.app_context():
        engine = db.engine
    for address in ("/figures/months/", HERE, f"{HERE}/print", f"{HERE}/correct"):
        browser.get(address)
        with counted(engine) as statements:
            page = browser.get(address)
        assert len(statements) <= 7, (address, statements)
        assert page.text
