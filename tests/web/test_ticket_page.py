"""诉求页: what each reader sees of one ticket, and that its cost does not follow its length."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import Difficulty, Method, Rating, RatingReason, Result, TicketType
from assist.models import Setting, Ticket, TicketEvent, TicketRound
from assist.services import closing, conversing, handling, pairing, settings
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.pages import Page
from tests.statements import counted


def url(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}"


def paper(ticket: Ticket) -> str:
    """诉求办理单."""
    return f"/documents/ticket/{ticket.number}"


@pytest.fixture
def see(browse: Any) -> Any:
    """`see(cast.zhang, ticket)`: the page as he sees it."""

    def look(person: Any, ticket: Ticket, status: int = 200) -> Page:
        return browse(person).get(url(ticket), status)

    return look


def test_the_officer_sees_what_is_asked_and_what_comes_next(cast: Cast, make: Make, see: Any) -> None:
    page = see(cast.zhang, make.ticket(wish="年底前完成验收"))
    assert "消防验收排队" in page.text
    assert "年底前完成验收" in page.text
    assert "首联登记" in page.links
    assert "请企业补正：还没有联系记录" in page.text
    assert "张建华（市工业和信息化局科长）" in page.text
    assert "199****0001" in page.text


def test_why_a_time_limit_is_what_it_is_is_told_line_by_line(cast: Cast, make: Make, see: Any) -> None:
    page = see(cast.zhang, make.handled(difficulty=Difficulty.COMPLEX))
    assert "为什么办结时限是12月14日 17:30" in page.text
    for line in ("11月23日（周一）09:30提交，当日不计", "复杂事项15个工作日", "到期：12月14日17:30"):
        assert line in page.text
    assert "原因：受理定为复杂事项" in page.text


def test_a_pause_is_told_with_its_cost(cast: Cast, make: Make, see: Any, browse: Any) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充。")
    assert "暂停计时（补正）" in see(cast.zhang, ticket).text
    make.at(shanghai(2026, 11, 24, 9))
    make.act(cast.chen, ticket, conversing.supplement, "已补充。")
    text = see(cast.zhang, ticket).text
    assert "补正暂停：11月23日09:30—11月24日09:00，跨1次下班，顺延1个工作日" in text


def test_a_provisional_year_is_said_at_the_due_time(cast: Cast, make: Make, see: Any) -> None:
    make.at(shanghai(2026, 12, 14, 9))
    ticket = make.handled(difficulty=Difficulty.COMPLEX)
    for person in (cast.zhang, cast.chen):
        page = see(person, ticket)
        assert "2027年1月" in page.text
        assert "暂定" in page.text


def test_the_enterprise_reads_promises_not_clocks(cast: Cast, make: Make, see: Any) -> None:
    page = see(cast.chen, make.ticket())
    assert "张建华将在今天11:30前与您联系。" in page.text
    assert "12月2日17:30前答复办理结果。" in page.text
    assert "19906350003" in page.text, "its own officer's number, whole"


def test_a_broken_promise_is_said_with_whom_to_call(cast: Cast, make: Make, see: Any) -> None:
    ticket = make.ticket()
    make.at(shanghai(2026, 11, 23, 15))
    page = see(cast.chen, ticket)
    assert "本件已超过承诺时限，正在督促办理。" in page.text
    assert "责任专员：张建华" in page.text
    assert "0635-8888110" in page.text


def test_what_is_internal_never_reaches_the_enterprise(cast: Cast, make: Make, see: Any, browse: Any) -> None:
    ticket = make.handled()
    make.act(cast.zhang, ticket, handling.progress, "内部进展甲乙丙", is_visible=False)
    make.answered(ticket, account="内部账目丁戊己")
    for place in (url(ticket), *(f"{url(ticket)}/{act}" for act in ("confirm", "return", "comment")), paper(ticket)):
        html = browse(cast.chen).get(place).html
        assert "甲乙丙" not in html
        assert "丁戊己" not in html
    assert "甲乙丙" in see(cast.zhang, ticket).text
    assert "丁戊己" in see(cast.wang, ticket).text


def test_the_words_of_a_low_grade_are_not_the_officers_to_read(
    cast: Cast, make: Make, see: Any, browse: Any
) -> None:
    ticket = make.closed(
        None, Result.PARTLY, Rating.UNSATISFIED, (RatingReason.SHIRKING,), "互相推，拖了半个月"
    )
    for person in (cast.zhang, cast.zhao, cast.liu):
        for place in (url(ticket), paper(ticket)):
            html = browse(person).get(place).html
            assert "不满意" in html
            assert "互相推" not in html
            assert "推诿" not in html
    for person in (cast.wang, cast.chen):
        text = see(person, ticket).text
        assert "互相推，拖了半个月" in text
        assert "推诿" in text


def test_the_words_of_a_good_grade_are_for_everybody(cast: Cast, make: Make, see: Any) -> None:
    ticket = make.closed(None, Result.SOLVED, Rating.VERY_SATISFIED, (), "办得快，谢谢")
    assert "办得快，谢谢" in see(cast.zhang, ticket).text


def test_the_first_opening_of_an_answer_is_written_once(
    cast: Cast, make: Make, session: Session, see: Any, browse: Any
) -> None:
    ticket = make.answered()
    assert "企业尚未查看" in see(cast.zhang, ticket).text
    enterprise = browse(cast.chen)
    enterprise.client.get(url(ticket), headers={"Sec-Purpose": "prefetch"})
    enterprise.client.head(url(ticket))
    session.rollback()
    assert session.scalars(select(TicketRound.opened_at)).one() is None, "nobody has looked at it yet"
    for _ in range(2):
        page = enterprise.get(url(ticket))
    assert "请您在11月30日17:30前确认办理结果" in page.text
    session.rollback()
    assert session.scalars(select(TicketRound.opened_at)).one() is not None
    opened = select(TicketEvent).where(TicketEvent.action == "open_answer")
    assert len(session.scalars(opened).all()) == 1
    assert "查看答复" in see(cast.zhang, ticket).text


def test_confirming_right_away_opens_the_answer_too(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    ticket = make.answered()
    page = browse(cast.chen).get(url(ticket) + "/confirm")
    assert "合格意见书请到园区窗口领取" in page.text
    session.rollback()
    assert session.scalars(select(TicketRound.opened_at)).one() is not None


def test_a_ticket_without_an_owner_is_said_in_red(cast: Cast, make: Make, see: Any, session: Session) -> None:
    ticket = make.ticket()
    session.rollback()
    pairing.end(make.work(cast.zhao), cast.jia, "调离")
    session.commit()
    page = see(cast.zhao, ticket)
    assert "本件无人主责" in page.text
    assert "由张建华变更为无人" in page.text
    assert "暂无在岗服务专员，已通知助企办尽快安排" in see(cast.chen, ticket).text
    assert "答复" not in see(cast.zhang, ticket).links, "he served it once: he reads, and does nothing"


def test_an_entered_ticket_asks_the_enterprise_whether_it_is_true(
    cast: Cast, make: Make, see: Any, browse: Any
) -> None:
    ticket = make.ticket(by=cast.zhang)
    assert "企业尚未确认内容属实" in see(cast.zhang, ticket).text
    enterprise = browse(cast.chen)
    page = enterprise.get(url(ticket))
    assert "代您录入，内容是否属实" in page.text
    page = enterprise.send(page, action=url(ticket) + "/verify-entry")
    assert "代您录入" not in page.text
    assert "尚未确认" not in see(cast.zhang, ticket).text


def test_history_of_the_old_ledger_has_no_clocks_and_still_a_page(
    cast: Cast, make: Make, session: Session, see: Any
) -> None:
    ticket = make.closed()
    session.rollback()
    number = f"{ticket.number}9"
    row = {column.name: getattr(ticket, column.name) for column in Ticket.__table__.columns}
    row |= {
        "id": None,
        "number": number,
        "is_imported": True,
        "accepted_at": None,
        "event_seq": 0,
        "head_hash": "",
    }
    row |= {"type": None, "difficulty": None, "due_at": None, "next_due_at": None}
    old = Ticket(**row)
    session.add(old)
    session.commit()
    for person in (cast.zhang, cast.chen, cast.wang):
        page = see(person, old)
        assert "消防验收" in page.text
    assert "未按本平台时限计时" in see(cast.zhang, old).text


def test_a_restricted_matter_is_found_by_the_enterprise_and_the_named_person_only(
    cast: Cast, make: Make, session: Session, see: Any
) -> None:
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = cast.zhao.id
    settings.changed(session)
    session.commit()
    ticket = make.ticket("专员态度差，多次不接电话。", category="1304")
    for person in (cast.chen, cast.zhao, cast.wang):
        see(person, ticket)
    for person in (cast.zhang, cast.liu, cast.qian):
        see(person, ticket, 404)


def test_who_may_only_read_has_nothing_to_press(cast: Cast, make: Make, see: Any) -> None:
    page = see(cast.liu, make.handled())
    assert not {"答复", "反馈进展", "催办"} & set(page.links)
    assert "催办" in see(cast.wang, make.handled()).links


def test_words_are_shown_as_words(cast: Cast, make: Make, see: Any) -> None:
    ticket = make.ticket("<b>停电</b> & <img src=x onerror=alert(1)> 👷‍♀️")
    for person in (cast.zhang, cast.chen):
        page = see(person, ticket)
        assert "<img src=x" not in page.html
        assert "&lt;img src=x onerror=alert(1)&gt;" in page.html
        assert "👷‍♀️" in page.text


def long_history(cast: Cast, make: Make, time: FixedTime, times: int) -> Ticket:
    """A ticket with rounds, pauses, comments and progress, `times` of each."""
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充。")
    make.act(cast.chen, ticket, conversing.supplement, "已补充。")
    make.act(
        cast.zhang,
        ticket,
        handling.accept,
        handling.Grading("0502", TicketType.HELP, Difficulty.COMPLEX, "复杂"),
    )
    for number in range(times):
        make.act(cast.zhang, ticket, handling.progress, f"进展{number}", is_visible=number % 2 == 0)
        make.act(cast.chen, ticket, conversing.comment, f"留言{number}")
        said = handling.ContactWords(Method.PHONE, "陈桂芳", f"再次联系{number}")
        make.act(cast.zhang, ticket, handling.contact, said)
        make.answered(ticket, answer=f"答复{number}")
        make.act(cast.chen, ticket, conversing.answer_opened)
        make.returned(ticket, f"退回{number}")
    return ticket


def test_a_long_history_costs_no_more_than_a_short_one(
    cast: Cast, make: Make, time: FixedTime, database: TestDatabase, browse: Any
) -> None:
    ticket = long_history(cast, make, time, 12)
    for person in (cast.zhang, cast.chen, cast.wang, cast.liu, cast.zhao):
        browser = browse(person)
        for place in (url(ticket), paper(ticket)):
            browser.get(place)
            with counted(database.others[0]) as sent:
                browser.get(place)
            assert len(sent) <= 8, sent


def test_the_page_of_an_unknown_number_is_not_found(cast: Cast, browse: Any) -> None:
    for number in ("LC-20260101-0001", "x", "%00", "'--", "长" * 200):
        browse(cast.wang).get(f"/tickets/{number}", 404)


def test_a_lapsed_ticket_says_so_and_may_still_be_graded(cast: Cast, make: Make, see: Any) -> None:
    ticket = make.answered()
    make.act(cast.chen, ticket, conversing.answer_opened)
    make.act(None, ticket, closing.lapse)
    page = see(cast.chen, ticket)
    assert "逾期未确认，系统办结" in page.text
    assert {"评价", "重新办理"} <= set(page.links)


def test_after_fifteen_working_days_a_closed_ticket_leads_to_a_new_one(
    cast: Cast, make: Make, see: Any
) -> None:
    ticket = make.closed()
    make.at(shanghai(2026, 12, 31, 9))
    page = see(cast.chen, ticket)
    assert "重新办理：办结已超过15个工作日" in page.text
    assert page.links["另提新诉求"] == f"/portal/tickets/new?linked={ticket.number}"
