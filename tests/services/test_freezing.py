"""A month is written down at its time, once, as it stood then; what comes later leaves it byte for byte the same."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict
from assist.domain.months import SnapshotKind, milestones, parse
from assist.domain.rates import Rate, month
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import Difficulty, Rating, RatingReason, Result
from assist.jobs import month as month_job
from assist.jobs.context import Context
from assist.models import Message, Seal, Snapshot, SnapshotFigure, SnapshotItem, SnapshotName
from assist.models.engine import begin_writing
from assist.services import closing, freezing, sealing, settings
from assist.services.queries.figures import counting, frozen
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.recount import recount
from assist.services.queries.figures.values import VALUES
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

NOVEMBER = month(2026, 11)
FROZEN_AT = shanghai(2026, 12, 7, 17, 30)


def freeze(make: Make, kind: SnapshotKind = SnapshotKind.FINAL) -> Snapshot:
    begin_writing(make.session)
    made = freezing.freeze(make.work(), NOVEMBER, kind)
    make.session.commit()
    return made


def frozen_rate(make: Make, key: str, dimension: str = "city", value: int = 0) -> Rate | None:
    F = SnapshotFigure
    row = make.session.execute(
        select(F.n, F.d).where(F.figure == key, F.dimension == dimension, F.key == value, F.span == 1)
    ).one_or_none()
    return Rate(*row) if row else None


def shown(make: Make, key: str, *, is_present: bool = False) -> Rate:
    work = make.work(make.cast.wang)
    table = frozen.tables(work, [key], [NOVEMBER], counting.as_of(work), is_present=is_present)[0]
    return table[frozen.CITY][key]


def test_a_month_has_its_times_in_working_days(make: Make) -> None:
    when = milestones(make.work().settings.calendar, NOVEMBER)
    assert when.draft_at == shanghai(2026, 12, 2, 8, 30)
    assert when.objections_until == shanghai(2026, 12, 4, 17, 30)
    assert when.freeze_at == FROZEN_AT
    spring = milestones(make.work().settings.calendar, month(2027, 1))
    assert spring.freeze_at > shanghai(2027, 2, 7)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-11", "", "2026-11-01", "２０２６-11", "x"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert parse(text) is None


def test_nothing_is_frozen_before_its_time(make: Make) -> None:
    make.closed()
    make.at(FROZEN_AT - timedelta(seconds=1))
    with pytest.raises(Conflict, match="2026年12月07日17:30"):
        freezing.freeze(make.work(), NOVEMBER)


def test_the_frozen_month_holds_every_figure_by_every_dimension(make: Make, cast: Cast) -> None:
    make.closed()
    make.closed(make.answered(make.handled(make.ticket(by=cast.sun))), result=Result.PARTLY)
    make.at(FROZEN_AT)
    snapshot = freeze(make)
    assert snapshot.figures == sorted([*FIGURES, *VALUES])
    assert frozen_rate(make, "on_time") == Rate(2, 2)
    assert frozen_rate(make, "solved") == Rate(1, 2)
    assert frozen_rate(make, "solved", "officer", cast.zhang.id) == Rate(1, 1)
    assert frozen_rate(make, "solved", "enterprise", cast.yi) == Rate(0, 1)
    assert frozen_rate(make, "solved", "unit", 0) == Rate(1, 2)
    names = dict(
        make.session.execute(
            select(SnapshotName.key, SnapshotName.name).where(SnapshotName.dimension == "officer")
        ).all()
    )
    assert names == {cast.zhang.id: "张建华", cast.li.id: "李明"}
    crossed = make.session.execute(
        select(SnapshotFigure.key, SnapshotFigure.other, SnapshotFigure.d).where(
            SnapshotFigure.dimension == "area_category", SnapshotFigure.figure == "on_time"
        )
    ).all()
    assert sorted(row.d for row in crossed) == [1, 1]
    assert all(row.other for row in crossed)


def test_frozen_figures_are_those_of_the_time_it_was_frozen_at(make: Make) -> None:
    make.closed()
    waiting = make.answered()
    make.at(FROZEN_AT + timedelta(days=3))
    make.returned(waiting)
    freeze(make)
    assert frozen_rate(make, "on_time") == Rate(2, 2)
    assert shown(make, "on_time") == Rate(2, 2)
    assert shown(make, "on_time", is_present=True) == Rate(1, 2)


def test_frozen_twice_is_frozen_once_and_late_is_as_punctual(make: Make) -> None:
    make.closed()
    make.at(FROZEN_AT + timedelta(days=40))
    first = freeze(make)
    words = sealing.content(make.session, first)
    make.at(FROZEN_AT + timedelta(days=50))
    again = freeze(make)
    assert again.id == first.id
    assert again.told_at == FROZEN_AT
    assert sealing.content(make.session, again) == words
    assert make.session.scalar(select(func.count()).select_from(Seal)) == 1


def test_a_frozen_month_stays_byte_for_byte_the_same(make: Make, cast: Cast) -> None:
    make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    waiting, open_one = make.answered(), make.handled(difficulty=Difficulty.COMPLEX)
    gone = make.ticket()
    make.act(cast.chen, gone, closing.withdraw, "已经自行解决")
    make.at(FROZEN_AT)
    snapshot = freeze(make)
    words = sealing.content(make.session, snapshot)
    make.at(FROZEN_AT + timedelta(hours=20))
    make.returned(waiting)
    make.closed(make.answered(open_one), rating=Rating.VERY_UNSATISFIED, reasons=(RatingReason.ATTITUDE,))
    make.ticket()
    make.session.expire_all()
    assert sealing.content(make.session, snapshot) == words
    assert sealing.is_whole(make.session, snapshot)
    assert sealing.broken(make.session) == []


@pytest.mark.parametrize("table", ["snapshot", "snapshot_figure", "snapshot_name", "seal"])
def test_the_database_refuses_to_change_what_is_frozen(make: Make, table: str) -> None:
    make.closed()
    make.at(FROZEN_AT)
    freeze(make)
    for words in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"):
            make.session.execute(text(words))
        make.session.rollback()


def test_what_is_left_out_is_listed_with_its_reason(make: Make, cast: Cast) -> None:
    make.act(cast.chen, make.ticket(), closing.withdraw, "已经自行解决")
    entered = make.answered(make.handled(make.ticket(by=cast.zhang)))
    held = make.handled()
    asked = make.asked(RequestKind.SUSPENSION, held, on=date(2026, 12, 20))
    make.decided(asked, cast.zhao)
    make.at(FROZEN_AT)
    freeze(make)
    rows = make.session.execute(
        select(SnapshotItem.what, SnapshotItem.number, SnapshotItem.reason).order_by(SnapshotItem.id)
    ).all()
    found = {row.what: (row.number, row.reason) for row in rows}
    assert found["withdrawn"][1] == "已经自行解决"
    assert found["unverified"] == (entered.number, "代录诉求，企业尚未确认内容属实")
    assert found["paused"][0] == held.number
    assert "起暂停计时" in found["paused"][1]
    assert found["entered"][0] == entered.number
    assert len(rows) == 4


def test_an_objection_that_nobody_has_decided_is_listed(make: Make, cast: Cast) -> None:
    make.returned()
    asked = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    done = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    make.decided(done, cast.wang)
    make.at(FROZEN_AT)
    freeze(make)
    rows = make.session.execute(
        select(SnapshotItem.request_id, SnapshotItem.reason).where(SnapshotItem.what == "objection")
    ).all()
    assert [row.request_id for row in rows] == [asked.id]
    assert rows[0].reason.startswith("张建华对企业退回（政策所限）提出异议（第1轮企业退回）")


def test_a_return_without_ground_does_not_count(make: Make, cast: Cast) -> None:
    asked = make.asked(RequestKind.OBJECTION, make.returned(), subject=ObjectionSubject.RETURN, about="round:1")
    assert shown(make, "on_time") == Rate(0, 1)
    at = make.time.now()
    make.at(shanghai(2026, 11, 25, 9))
    make.decided(asked, cast.wang)
    assert shown(make, "on_time") == Rate(1, 1)
    work = make.work(cast.wang)
    assert recount(work)["on_time", (2026, 11)] == Rate(1, 1)
    before = counting.rates(work, ["on_time"], [NOVEMBER], counting.as_of(work, at))[0]["on_time"]
    assert before == Rate(0, 1)


def test_the_trend_reads_frozen_months_and_the_open_one_in_one_statement(make: Make, session: Session) -> None:
    waiting = make.answered()
    make.at(FROZEN_AT + timedelta(days=1))
    freeze(make)
    make.returned(waiting)
    make.closed(make.answered(make.handled()))
    settings.forget()
    work = make.work(make.cast.wang)
    assert set(work.settings.frozen_months) == {NOVEMBER.first_on}
    with counted(session) as statements:
        found = frozen.trend(work, "on_time", month(2026, 12), 24, counting.as_of(work))
    assert len(statements) == 1
    assert [rate for _, rate in found[-3:]] == [Rate(0, 0), Rate(1, 1), Rate(1, 1)]
    own = make.work(make.cast.zhang)
    present = frozen.trend(own, "on_time", month(2026, 12), 2, counting.as_of(own))
    assert [rate for _, rate in present] == [Rate(0, 1), Rate(1, 1)]


def test_an_area_by_category_table_is_told_alike_frozen_and_live(make: Make, cast: Cast) -> None:
    make.closed()
    make.closed(make.answered(make.handled(make.ticket(by=cast.sun), category="0301")))
    work = make.work(cast.wang)
    before = frozen.tables(work, ["on_time", "solved"], [NOVEMBER], counting.as_of(work), "area_category")
    make.at(FROZEN_AT)
    freeze(make)
    work = make.work(cast.wang)
    assert frozen.tables(work, ["on_time", "solved"], [NOVEMBER], counting.as_of(work), "area_category") == before
    assert len(before[0]) == 2


def test_a_category_is_what_it_was_when_the_month_was_frozen(make: Make, cast: Cast) -> None:
    ticket = make.handled(category="0502")
    make.answered(ticket)
    at = make.time.now()
    was = ticket.category_id
    make.at(shanghai(2026, 11, 24, 9))
    make.returned(ticket)
    asked = make.asked(RequestKind.DIFFICULTY, ticket, category="0301", difficulty=Difficulty.COMPLEX)
    make.decided(asked, cast.zhao)
    assert ticket.category_id != was
    work = make.work(cast.wang)
    assert set(counting.by_dimension(work, "on_time", "category", NOVEMBER, counting.as_of(work, at))) == {was}


def test_the_job_drafts_and_freezes_what_is_due_and_says_so_once(make: Make, cast: Cast) -> None:
    make.closed()
    job = Context(make.session.get_bind(), make.time)  # type: ignore[arg-type]
    make.session.commit()
    make.at(shanghai(2026, 12, 2, 8, 29))
    assert month_job.run(job) == {"drafts": 0, "months": 0, "corrections": 0}
    make.at(shanghai(2026, 12, 2, 8, 30))
    assert month_job.run(job) == {"drafts": 1, "months": 0, "corrections": 0}
    make.at(FROZEN_AT - timedelta(minutes=1))
    assert month_job.run(job) == {"drafts": 0, "months": 0, "corrections": 0}
    make.at(FROZEN_AT)
    assert month_job.run(job) == {"drafts": 0, "months": 1, "corrections": 0}
    assert month_job.run(job) == {"drafts": 0, "months": 0, "corrections": 0}
    make.session.rollback()
    kinds = make.session.scalars(select(Message.kind).where(Message.recipient_id == cast.wang.id)).all()
    assert kinds.count("month_draft") == 1
    assert kinds.count("month_frozen") == 1


def test_months_missed_while_nothing_ran_are_made_up_each_as_of_its_own_time(make: Make) -> None:
    make.closed()
    make.at(shanghai(2027, 3, 20, 9))
    job = Context(make.session.get_bind(), make.time)  # type: ignore[arg-type]
    make.session.commit()
    assert month_job.run(job) == {"drafts": 0, "months": 4, "corrections": 0}
    make.session.rollback()
    told = make.session.scalars(select(Snapshot.told_at).order_by(Snapshot.month_on)).all()
    assert told[0] == FROZEN_AT
    assert sorted(told) == list(told)
