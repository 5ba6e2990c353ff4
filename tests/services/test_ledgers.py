"""What stands in the ledgers: every column of every ticket, late by whom, past weeks, inside one's own sight."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import local_date, shanghai
from assist.domain.errors import Invalid, NotFound
from assist.domain.ledgers import Ledger, open_to
from assist.domain.requests import RequestKind
from assist.domain.status import Rating
from assist.models import Ticket
from assist.services import closing, exporting, handling
from assist.services.queries.ledgers import tickets, week
from assist.services.queries.ledgers.week import WeekFilter
from assist.services.queries.ticket_lists import TicketFilter
from assist.services.work import Work
from tests import ledgers
from tests.cast import Cast, Person
from tests.make import Make
from tests.statements import counted


def row_of(make: Make, ticket: Ticket, who: Person | None = None) -> dict[str, Any]:
    work = make.work(who or make.cast.wang)
    return next(row for row in tickets.rows(work, TicketFilter()) if row["number"] == ticket.number)


def numbers(make: Make, who: Person, **narrowed: str) -> list[str]:
    return [row["number"] for row in tickets.rows(make.work(who), TicketFilter(**narrowed))]


def weeks(make: Make, who: Person | None = None, **wanted: str) -> dict[str, tuple[int, ...]]:
    work = make.work(who or make.cast.wang)
    found = {}
    for row in week.rows(work, WeekFilter(**wanted)):
        found[row["name"]] = tuple(row[key] for key in ("new", "closed", "open", "late", "due_next"))
    return found


def test_a_closed_ticket_has_all_its_columns(make: Make, cast: Cast) -> None:
    ticket = make.closed(make.answered(make.handled()), rating=Rating.VERY_SATISFIED)
    row = row_of(make, ticket)
    told = {
        "number": ticket.number, "enterprise": "聊城甲制造有限公司", "credit_code": "91371500MA00000010",
        "area": "东昌府区", "chain": "", "contact": "陈桂芳", "contact_phone": "19906350001", "owner": "张建华",
        "owner_unit": "聊城市工业和信息化局", "source": "企业自提", "type": "求助", "difficulty": "一般",
        "deferrals": 0, "is_suspended": "否", "is_closed": "是", "result": "已解决", "confirmed_by": "企业确认",
        "returns": 0, "is_late": "否", "late_days": None, "late_by": "", "rating": "非常满意", "remark": "",
        "extended_due_at": None, "units": "", "handlers": "",
    }  # fmt: skip
    assert {key: row[key] for key in told} == told
    assert row["progress"].startswith("验收已于今日完成")
    assert local_date(row["submitted_at"]) == local_date(row["closed_at"]) == date(2026, 11, 23)
    assert local_date(row["due_at"]) == date(2026, 12, 2)


def test_a_ticket_on_its_way_tells_its_units_and_what_was_said_last(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    assert "，正在" in row_of(make, ticket)["progress"] or row_of(make, ticket)["progress"]
    make.signed(make.task(ticket))
    make.act(cast.zhang, ticket, handling.progress, "已现场踏勘。", is_visible=True)
    make.act(cast.zhang, ticket, handling.progress, "内部：等住建局的意见。", is_visible=False)
    row = row_of(make, ticket)
    assert (row["units"], row["handlers"]) == ("市生态环境局", "周承办")
    assert row["progress"] == "内部：等住建局的意见。"
    assert (row["is_closed"], row["closed_at"], row["rating"], row["result"]) == ("否", None, "", "")


def test_a_granted_deferral_is_counted_and_both_times_are_told(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    make.decided(make.asked(RequestKind.DEFERRAL, ticket, on=date(2026, 12, 11)), cast.qian)
    row = row_of(make, ticket)
    assert row["deferrals"] == 1
    assert (local_date(row["due_at"]), local_date(row["extended_due_at"])) == (date(2026, 12, 2), date(2026, 12, 11))


def test_what_is_late_says_by_how_much_and_by_whom(make: Make, cast: Cast) -> None:
    own, units = make.handled(), make.handled()
    make.signed(make.task(units))
    make.at(shanghai(2026, 12, 4, 9))
    row = row_of(make, own)
    assert (row["is_late"], row["late_days"], row["late_by"]) == ("是", 2, "服务专员张建华")
    assert row_of(make, units)["late_by"] == "市生态环境局"
    make.answered(own)
    assert row_of(make, own)["late_days"] == 2


def test_a_ticket_taken_up_again_says_how_often(make: Make, cast: Cast) -> None:
    ticket = make.returned(make.answered())
    row = row_of(make, ticket)
    assert (row["returns"], row["is_closed"], row["rating"]) == (1, "否", "")
    make.act(cast.chen, make.ticket(), closing.withdraw, "不需要了。")
    left = [row for row in tickets.rows(make.work(cast.wang), TicketFilter()) if row["result"] == "已撤回"]
    assert [row["is_closed"] for row in left] == ["否"]


def test_one_takes_out_what_one_may_see_and_what_the_filter_holds(make: Make, cast: Cast) -> None:
    own, other = make.handled(), make.ticket(by=cast.sun)
    assert numbers(make, cast.zhang) == [own.number]
    assert numbers(make, cast.li) == [other.number]
    assert numbers(make, cast.liu) == [own.number]
    assert numbers(make, cast.wang) == [own.number, other.number]
    assert numbers(make, cast.wang, state="submitted") == [other.number]
    assert numbers(make, cast.wang, since="2026-11-24") == []
    assert numbers(make, cast.wu) == []
    assert tickets.count(make.work(cast.zhang), TicketFilter()) == 1


def test_a_batch_costs_the_same_statements_whatever_its_length(make: Make, cast: Cast, session: Session) -> None:
    def statements() -> int:
        session.rollback()
        work = make.work(cast.wang)
        _ = work.settings
        with counted(session) as sent:
            list(tickets.rows(work, TicketFilter()))
        return len(sent)

    make.task(make.handled())
    make.at(shanghai(2026, 12, 16, 9))
    few = statements()
    for _ in range(5):
        make.signed(make.task(make.handled()))
    make.at(shanghai(2027, 1, 20, 9))
    assert statements() == few
    assert few <= 9


def test_the_week_counts_by_area_and_adds_up(make: Make, cast: Cast) -> None:
    make.closed()
    make.handled()
    make.ticket(by=cast.sun)
    areas = weeks(make)
    assert list(areas)[:2] == ["东昌府区", "茌平区"]
    assert areas["东昌府区"] == (2, 1, 1, 0, 1)
    assert areas["茌平区"] == (1, 0, 1, 0, 1)
    assert set(weeks(make, cast.qian)) == {"东昌府区"}
    assert "截至11月23日09:30" in week.told_as(make.work(cast.wang), WeekFilter())


def test_a_past_week_is_told_as_it_stood_when_it_ended(make: Make, cast: Cast) -> None:
    done, still, extended = make.handled(), make.handled(), make.handled()
    make.at(shanghai(2026, 11, 27, 9))
    make.closed(make.answered(done))
    make.at(shanghai(2026, 11, 30, 9))  # all fall due this Wednesday
    make.decided(make.asked(RequestKind.DEFERRAL, extended, on=date(2026, 12, 11)), cast.qian)
    make.at(shanghai(2026, 12, 4, 18))
    told = {"2026-11-25": (3, 1, 2, 0, 2), "2026-12-04": (0, 0, 2, 1, 1)}
    assert {day: weeks(make, week=day)["东昌府区"] for day in told} == told
    make.at(shanghai(2026, 12, 14, 9))
    told["2026-12-13"] = (0, 0, 2, 2, 0)
    assert {day: weeks(make, week=day)["东昌府区"] for day in told} == told
    make.closed(make.answered(still))
    make.act(cast.chen, done, closing.reopen, "又出现了。")
    make.answered(extended)
    make.at(shanghai(2027, 1, 5, 9))
    assert {day: weeks(make, week=day)["东昌府区"] for day in told} == told
    assert weeks(make, week="2026-12-14")["东昌府区"] == (0, 1, 2, 0, 1)


def test_by_unit_its_tasks_are_counted(make: Make, cast: Cast) -> None:
    make.signed(make.task(make.handled()))
    make.task(make.handled())
    assert weeks(make, by="unit") == {"聊城市生态环境局": (1, 0, 1, 0, 0)}
    make.at(shanghai(2026, 11, 27, 9))
    assert weeks(make, by="unit")["聊城市生态环境局"] == (1, 0, 1, 1, 0)


def test_each_person_has_the_ledgers_that_are_his(cast: Cast) -> None:
    letters = {
        name: "".join(one.letter for one in open_to(getattr(cast, name).actor))
        for name in ("zhang", "zhou", "liu", "zhao", "wang", "chen", "xi", "shen")
    }
    assert letters == {
        "zhang": "ACD", "zhou": "CD", "liu": "ACDEF", "zhao": "ABCDEF", "wang": "ABCDEF", "chen": "", "xi": "",
        "shen": "",
    }  # fmt: skip


def test_what_is_not_open_to_somebody_is_not_found_and_whole_numbers_want_a_reason(make: Make, cast: Cast) -> None:
    for who, letter in ((cast.zhang, "B"), (cast.chen, "A"), (cast.wang, "Z"), (cast.wang, "")):
        with pytest.raises(NotFound):
            exporting.wanted(make.work(who), letter, {})
    with pytest.raises(Invalid, match="请填写需要完整号码的原因") as raised:
        exporting.wanted(make.work(cast.wang), "a", {}, is_whole=True, reason=" ")
    assert raised.value.field == "reason"
    given = exporting.wanted(make.work(cast.wang), "c", {"q": "x" * 500, "nonsense": "1"}, is_whole=True)
    assert (given.ledger, given.is_whole, len(given.filter.q)) == (Ledger.VISITS, False, 100)


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("wang", "聊城市“助企远航”行动督查室"),
        ("zhao", "市助企办"),
        ("qian", "东昌府区助企办"),
        ("zhang", "聊城市工业和信息化局"),
        ("liu", "第一工作组"),
    ],
)
def test_the_sheet_says_for_which_office_it_was_taken_out(name: str, office: str, make: Make, cast: Cast) -> None:
    assert exporting.office(make.work(getattr(cast, name))) == office


def test_any_ledger_is_a_workbook_and_its_rows_are_told(make: Make, cast: Cast) -> None:
    make.closed()
    for letter, rows in (("A", 1), ("B", 2), ("C", 0), ("D", 0), ("E", 11), ("F", 11)):
        work: Work = make.work(cast.wang)
        one = exporting.wanted(work, letter, {})
        content, found = exporting.at_once(work, one)
        assert found == exporting.count(work, one) == rows, letter
        assert len(ledgers.rows(content.getvalue())) == rows, letter


def test_a_ledger_larger_than_one_waits_for_is_refused_at_once(
    make: Make, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.ticket()
    make.ticket()
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 1)
    work = make.work(cast.wang)
    with pytest.raises(exporting.TooLarge, match="共 2 行"):
        exporting.at_once(work, exporting.wanted(work, "A", {}))

