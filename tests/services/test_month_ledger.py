"""Ledger E: its parts add up, its rates are the month's, a frozen month stays whatever comes later."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.domain.months import SnapshotKind
from assist.domain.rates import month
from assist.domain.requests import RequestKind
from assist.domain.status import Difficulty, Result
from assist.models import SnapshotFigure
from assist.models.engine import begin_writing
from assist.services import closing, exporting, freezing, task_replies
from assist.services.queries.ledgers import month as ledger
from assist.services.queries.ledgers.month import MonthFilter
from tests import ledgers
from tests.cast import Cast, Person
from tests.make import Make

FROZEN_AT = shanghai(2026, 12, 7, 17, 30)
NOVEMBER = MonthFilter("2026-11")
PARTS = ("on_time", "returned", "late", "overdue")
Row = dict[str, Any]


def table(make: Make, wanted: MonthFilter = NOVEMBER, who: Person | None = None) -> dict[str, Row]:
    make.session.rollback()
    found = list(ledger.rows(make.work(who or make.cast.wang), wanted))
    return {"合计" if row.get("is_total") else row["name"]: row for row in found}


def frozen(make: Make, year: int = 2026, number: int = 11) -> int:
    begin_writing(make.session)
    snapshot = freezing.freeze(make.work(), month(year, number), SnapshotKind.FINAL)
    make.session.commit()
    return snapshot.id


@pytest.fixture
def november(make: Make, cast: Cast) -> None:
    """Of 甲's area: one in time, one sent back, one late, one late and open, a deferral, a withdrawal. Of 乙's: one."""
    make.closed()
    make.returned(make.answered())
    late, still, put_off = (make.handled(difficulty=Difficulty.GENERAL) for _ in range(3))
    make.handled(make.ticket(by=cast.sun))
    make.act(cast.chen, make.ticket(), closing.withdraw, "不需要了。")
    make.decided(make.asked(RequestKind.DEFERRAL, put_off, on=date(2026, 12, 9)), cast.qian)
    assert still.due_at is not None
    make.at(still.due_at + timedelta(hours=1))
    make.closed(make.answered(late), result=Result.PARTLY)


def at_once(make: Make, wanted: MonthFilter, who: Person) -> bytes:
    work = make.work(who)
    return exporting.at_once(work, exporting.wanted(work, "E", wanted.as_query()))[0].getvalue()


def test_the_parts_add_up_to_what_was_due(make: Make, november: None) -> None:
    found = table(make, MonthFilter("2026-12"))
    own = found["东昌府区"]
    assert [own[key] for key in ("due", "on_time", "returned", "late", "overdue")] == [2, 0, 0, 1, 1]
    assert own["on_time_rate"] == "0 / 2"  # a few have no percentage
    month_before = table(make)
    own = month_before["东昌府区"]
    assert [own[key] for key in ("due", "on_time", "returned", "late", "overdue")] == [2, 1, 1, 0, 0]
    assert (own["reopened"], own["deferred"], own["suspended"], own["left_out"]) == (1, 1, 0, 1)
    assert own["solved_rate"] == "1 / 1"
    for one in (found, month_before):
        for row in one.values():
            assert row["due"] == sum(row[key] for key in PARTS)
        rest = [row for name, row in one.items() if name != "合计"]
        for key in ("due", *PARTS, "reopened", "deferred", "left_out"):
            assert one["合计"][key] == sum(row[key] for row in rest), key
    assert list(month_before)[:2] == ["东昌府区", "茌平区"]


def test_a_frozen_month_says_what_was_frozen_whatever_comes_later(make: Make, cast: Cast, november: None) -> None:
    make.at(FROZEN_AT)
    as_of_now = table(make)
    frozen(make)
    before = table(make)
    for name, row in before.items():
        assert {**row, "band": "", "rank_before": ""} == {**as_of_now[name], "band": "", "rank_before": ""}
    assert "冻结数（截至12月7日17:30）" in ledger.told_as(make.work(cast.wang), NOVEMBER)
    make.at(shanghai(2026, 12, 20, 9))
    closed = make.closed()
    make.act(cast.chen, closed, closing.reopen, "又出现了。")
    make.returned(make.answered(make.handled()))
    assert table(make) == before
    F = SnapshotFigure
    for key, name in (("due", "on_time"), ("on_time", "on_time")):
        column = F.d if key == "due" else F.n
        query = select(column).where(F.figure == name, F.dimension == "city", F.span == 1)
        assert make.session.scalars(query).one() == before["合计"][key]


def test_by_unit_what_has_none_stands_in_a_row_of_its_own(make: Make, cast: Cast) -> None:
    helped = make.handled()
    task = make.replied(make.signed(make.task(helped)))
    make.task_act(cast.zhang, task, task_replies.accept_reply)
    make.answered(helped)
    make.answered()
    found = table(make, MonthFilter("2026-11", "unit"))
    assert {name: row["due"] for name, row in found.items()} == {"市生态环境局": 1, "无承办单位": 1, "合计": 2}


def test_places_and_bands_are_those_of_the_boards(make: Make, cast: Cast) -> None:
    for _ in range(10):
        make.closed()
    make.closed(make.answered(make.handled(make.ticket(by=cast.sun))))
    make.at(FROZEN_AT)
    frozen(make)
    assert (table(make)["东昌府区"]["rank_before"], table(make)["东昌府区"]["band"]) == ("—", "蓝榜·先进")
    assert table(make)["茌平区"]["band"] == "不排名"
    make.at(shanghai(2027, 1, 20, 9))
    open_month = table(make, MonthFilter("2026-12"))["东昌府区"]
    assert (open_month["rank_before"], open_month["band"]) == ("1", "—")
    frozen(make, 2026, 12)
    december = table(make, MonthFilter("2026-12"))["东昌府区"]
    assert (december["rank_before"], december["band"]) == ("1", "蓝榜·先进")
    assert december["red_cards"] == 0


def test_who_may_read_which_month(make: Make, cast: Cast, november: None) -> None:
    assert table(make, who=cast.liu) == {}
    assert ledger.told_as(make.work(cast.liu), NOVEMBER) == "2026年11月，尚未发布"
    assert set(table(make, who=cast.qian)) == {"东昌府区", "合计"}
    assert ledger.period_of(make.work(cast.wang), MonthFilter("2099-01")).label == "2026年12月"
    assert ledger.period_of(make.work(cast.wang), MonthFilter("nonsense")).label == "2026年11月"


def test_it_is_a_sheet_like_the_others(make: Make, cast: Cast, november: None) -> None:
    content = at_once(make, MonthFilter("2026-11"), cast.wang)
    assert "2026年11月" in ledgers.opened(content)["A1"].value
    rows = ledgers.rows(content)
    assert rows[0]["单位"] == "东昌府区"
    assert rows[0]["应办结"] == 2
    last = ledgers.last_line(content)
    assert last[0] == "合计"
    assert last[2] == sum(row["应办结"] for row in rows)
