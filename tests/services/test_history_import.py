"""The old ledger becomes history: each problem under its number, open ones with a time, closed ones in no rate."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, local, shanghai
from assist.domain.rates import Rate, days
from assist.domain.status import ClockKind, Method, Outcome, Rating, Status
from assist.domain.transitions import Action
from assist.models import (
    Account,
    AuditEntry,
    Clock,
    ClockMove,
    Counter,
    Enterprise,
    Pairing,
    Ticket,
    TicketEvent,
    TicketRound,
)
from assist.models.engine import begin_writing
from assist.services import access, answering, handling, numbers, searching, transitions
from assist.services.imports import history, roster
from assist.services.imports.history import HistoryOutcome
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.counting import as_of, rates
from assist.services.work import Work
from tests.cast import Cast
from tests.sheets import LEDGER, ROSTER, edited, small_ledger, small_roster


def known_enterprises(work: Work) -> None:
    begin_writing(work.session)
    roster.take_over(work, roster.check(work, small_roster()))
    work.session.commit()


def take_in(work: Work, content: bytes) -> HistoryOutcome:
    begin_writing(work.session)
    outcome = history.take_over(work, history.check(work, content))
    work.session.commit()
    return outcome


@pytest.fixture
def taken(work: Work) -> HistoryOutcome:
    known_enterprises(work)
    return take_in(work, small_ledger())


def test_every_old_problem_keeps_its_number(work: Work, taken: HistoryOutcome) -> None:
    assert (taken.open, taken.closed, taken.known, taken.enterprises_new) == (3, 7, 0, 0)
    tickets = work.session.scalars(select(Ticket)).all()
    assert len(tickets) == 10
    assert all(one.is_imported for one in tickets)
    assert {one.status for one in tickets} == {Status.CLOSED, Status.HANDLING}
    first = next(one for one in tickets if one.number == "LC-20250105-0001")
    assert first.enterprise.credit_code == "91371581MADMGUXQ4P"
    assert local(first.submitted_at).date() == date(2025, 1, 5)
    assert first.category is not None
    assert (first.category.name, first.closed_at) == ("人才引进", None)


def test_taking_the_same_ledger_twice_changes_nothing(
    work: Work, taken: HistoryOutcome, time: FixedTime
) -> None:
    time.at = shanghai(2026, 11, 24, 9)
    again = take_in(Work(work.session, time), small_ledger())
    assert (again.open, again.closed, again.known) == (0, 0, 10)
    assert "没有变化" in again.sentence()
    assert work.session.scalar(select(func.count()).select_from(TicketEvent)) == 10


def test_an_open_problem_has_one_clock_due_as_stated(work: Work, taken: HistoryOutcome) -> None:
    running = work.session.scalars(select(Clock)).all()
    assert len(running) == taken.open
    assert {one.kind for one in running} == {ClockKind.RESOLUTION}
    assert all(one.stopped_at is None for one in running)
    ticket = work.session.scalars(select(Ticket).where(Ticket.number == "LC-20250129-0014")).one()
    clock = next(one for one in running if one.ticket_id == ticket.id)
    assert clock.due_at == clock.original_due_at == shanghai(2025, 3, 12, 17, 30)
    assert ticket.due_at == ticket.next_due_at == clock.due_at
    officer = work.session.scalars(select(Pairing).where(Pairing.enterprise_id == ticket.enterprise_id)).one()
    assert ticket.owner_id == officer.officer_id


def test_an_extension_moves_the_due_time_and_not_the_original_one(work: Work, taken: HistoryOutcome) -> None:
    ticket = work.session.scalars(select(Ticket).where(Ticket.number == "LC-20250213-0027")).one()
    clock = work.session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)).one()
    assert clock.original_due_at == shanghai(2025, 3, 27, 17, 30)
    assert clock.due_at == shanghai(2025, 4, 5, 17, 30)
    move = work.session.scalars(select(ClockMove).where(ClockMove.clock_id == clock.id)).one()
    assert move.why == "原台账延期"


def test_what_the_old_ledger_stated_is_kept_word_for_word(work: Work, taken: HistoryOutcome) -> None:
    ticket = work.session.scalars(select(Ticket).where(Ticket.number == "LC-20250118-0006")).one()
    event = work.session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).one()
    assert (event.action, event.new_status, event.old_status) == (Action.IMPORT, Status.CLOSED, None)
    assert event.fields["stated_late"] is True
    assert event.fields["stated_rating"] == "unsatisfied"
    assert event.note == "通过区域削减替代落实总量，环评已批复。"
    assert event.hash == transitions.event_hash("", transitions.covered(event)) == ticket.head_hash
    found = searching.narrowed(work, select(Ticket.number), "区域削减替代", internal=False)
    assert list(work.session.scalars(found)) == [ticket.number]


def test_lateness_of_open_rows_is_computed_and_differences_are_listed(work: Work) -> None:
    known_enterprises(work)
    checked = history.check(work, small_ledger()).check
    assert not checked.faults
    differences = [note for note in checked.notes if "按时限计算为" in note.text]
    assert differences
    assert any("LC-20250129-0014" in note.text and "“是”" in note.text for note in differences)


def test_stated_ratings_are_kept_and_counted_nowhere(work: Work, taken: HistoryOutcome) -> None:
    rated = work.session.scalar(select(func.count()).where(TicketRound.rating == Rating.SATISFIED))
    assert rated
    period = days(date(2024, 1, 1), date(2027, 12, 31))
    found = rates(work, list(FIGURES), [period], as_of(work))[0]
    open_ones = Rate(0, taken.open)  # all of them past their time by now
    assert {key: rate for key, rate in found.items() if rate.d} == {
        "on_time": open_ones,
        "original_on_time": open_ones,
        "overdue": Rate(taken.open, taken.open),
    }


def test_a_rate_told_for_a_time_before_the_import_does_not_know_of_it(
    work: Work, taken: HistoryOutcome, time: FixedTime
) -> None:
    time.at = shanghai(2026, 11, 25, 9)
    later = Work(work.session, time)
    period = days(date(2024, 1, 1), date(2026, 10, 31))
    before = rates(later, ["on_time"], [period], as_of(later, shanghai(2026, 11, 20, 12)))[0]
    after = rates(later, ["on_time"], [period], as_of(later, shanghai(2026, 11, 24, 12)))[0]
    assert before["on_time"].d == 0
    assert after["on_time"].d == taken.open


def test_a_problem_taken_over_open_goes_on_to_its_answer(
    work: Work, taken: HistoryOutcome, time: FixedTime
) -> None:
    ticket = work.session.scalars(select(Ticket).where(Ticket.number == "LC-20250129-0014")).one()
    owner = work.session.get(Account, ticket.owner_id)
    assert owner is not None
    mine = Work(work.session, time, owner.as_actor())
    found = access.ticket(mine, ticket.number)
    handling.contact(mine, found, handling.ContactWords(Method.PHONE, "朱华兰", "已了解进展。"))
    answering.answer(mine, found, Outcome.SOLVED, "已对接两家配套企业。", "与工信局会商。")
    assert found.status is Status.ANSWERED


def test_a_number_used_under_another_code_is_a_fault(work: Work, taken: HistoryOutcome) -> None:
    other = edited(
        small_ledger(), 4, 企业名称="聊城汇通复合材料有限公司", 统一社会信用代码="91371500MAJEC83750"
    )
    checked = history.check(work, other).check
    assert [(fault.row, fault.column) for fault in checked.faults] == [(4, "诉求编号")]


def test_an_enterprise_that_left_the_programme_is_kept_as_such(work: Work) -> None:
    outcome = take_in(work, small_ledger())
    left = work.session.scalars(select(Enterprise)).all()
    assert outcome.enterprises_new == len(left) > 5
    assert not any(one.is_active for one in left)


def test_an_area_coordinator_takes_over_his_own_area_only(work: Work, cast: Cast, time: FixedTime) -> None:
    checked = history.check(Work(work.session, time, cast.qian.actor), LEDGER).check
    assert {row.area_code for row in checked.rows} == {"371502"}
    assert all("不在您负责的范围内" in fault.why for fault in checked.faults)


def test_numbers_of_the_old_ledger_are_not_given_out_again(work: Work, taken: HistoryOutcome) -> None:
    last = work.session.scalars(select(Counter).where(Counter.name == "LC-20260820")).one()
    assert last.value == 8
    assert numbers.ticket_number(work.session, shanghai(2026, 8, 20, 10)) == "LC-20260820-0009"


def test_the_import_stands_in_the_audit_log(work: Work, taken: HistoryOutcome) -> None:
    entry = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.deed, entry.detail["closed"]) == ("import_history", 7)


def test_the_command_takes_the_whole_ledger_over(app: Flask, work: Work, session: Session) -> None:
    begin_writing(session)
    roster.take_over(work, roster.check(work, ROSTER))
    session.commit()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["ledger", "import", str(LEDGER)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "转入历史诉求400件" in done.stdout
    assert "按时限计算为" in done.stdout


def test_a_ledger_with_a_fault_is_not_written_at_all(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(edited(LEDGER, 5, 提出时间="昨天"))
    done = app.test_cli_runner().invoke(args=["ledger", "import", str(path)])
    assert done.exit_code == 1
    assert "第5行 L列“提出时间”" in done.stdout
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0
