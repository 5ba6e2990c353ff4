"""督办建议 written by the sweep: one a ticket, the highest level, whoever sweeps and however often."""

import threading
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind, Rating, RatingReason
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models import Clock, Supervision, Ticket, TicketEvent
from assist.models.engine import begin_writing
from assist.services import closing, pairing, supervising, sweeping
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.reminders import Sweep, reminders
from tests.supervisions import issued, order
from tests.tasks import SHIELDED, county_unit

L = SupervisionLevel


def proposals(session: Session) -> list[Supervision]:
    session.expire_all()
    return list(session.scalars(select(Supervision).order_by(Supervision.id)))


def only(session: Session, kind: ClockKind) -> None:
    """The other clocks are silent, so that a test is about one."""
    session.execute(update(Clock).where(Clock.kind != kind).values(next_fire_at=None))
    session.commit()


def test_a_day_behind_its_time_a_notice_is_proposed_to_whoever_held_the_clock(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    sweep(shanghai(2026, 12, 1, 9, 0))
    assert proposals(session) == []
    sweep(shanghai(2026, 12, 1, 17, 31))
    (row,) = proposals(session)
    assert (row.level, row.status, row.addressee) == (L.NOTICE, SupervisionStatus.PROPOSED, Addressee.OWNER)
    assert row.why == "进展反馈超期1个工作日（时限2026年11月30日17:30）"
    assert (row.number, row.issued_at, row.ticket_id) == (None, None, ticket.id)


def test_the_proposal_grows_with_the_delay_and_stays_one(make: Make, sweep: Sweep, session: Session) -> None:
    make.handled()
    only(session, ClockKind.RESOLUTION)
    for day, level in ((3, L.NOTICE), (7, L.ORDER), (9, L.KEY_ORDER), (16, L.KEY_ORDER)):
        sweep(shanghai(2026, 12, day, 17, 31))
        rows = proposals(session)
        assert [row.level for row in rows] == [level]
    assert proposals(session)[0].why == "办结超期10个工作日（时限2026年12月2日17:30）"


def test_what_stops_at_the_first_step_never_proposes_more(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    make.ticket()
    only(session, ClockKind.CONTACT)
    sweep(shanghai(2026, 12, 31, 9, 0))
    (row,) = proposals(session)
    assert row.level is L.NOTICE
    assert row.why.startswith("首次联系超期")


def test_a_units_delay_is_proposed_to_the_unit(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    task = make.task(ticket, county_unit(session, cast))
    only(session, ClockKind.TASK_REPLY)
    sweep(shanghai(2026, 12, 1, 17, 31))
    (row,) = proposals(session)
    assert (row.addressee, row.unit_id, row.task_id) == (Addressee.UNIT, task.unit_id, task.id)
    assert row.level is L.ORDER
    assert row.why == "区住建局任务反馈超期3个工作日（时限2026年11月26日17:30）"


def test_without_an_owner_the_area_is_proposed(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    make.handled()
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    session.commit()
    sweep(shanghai(2026, 12, 3, 17, 30))
    assert [row.addressee for row in proposals(session)] == [Addressee.AREA]


def test_what_is_under_supervision_is_not_proposed_again_at_that_level_but_at_the_next(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    only(session, ClockKind.RESOLUTION)
    sweep(shanghai(2026, 12, 3, 17, 31))
    make.at(shanghai(2026, 12, 4, 9, 0))
    order = supervising.Order(L.ORDER, Addressee.OWNER, "", "请说明原因。")
    make.act(cast.wang, ticket, supervising.issue, order)
    sweep(shanghai(2026, 12, 7, 17, 31))
    assert [(row.level, row.status.value) for row in proposals(session)] == [(L.ORDER, "issued")]
    sweep(shanghai(2026, 12, 9, 17, 31))
    assert [(row.level, row.status.value) for row in proposals(session)] == [
        (L.ORDER, "issued"),
        (L.KEY_ORDER, "proposed"),
    ]


def test_the_sweep_leaves_the_ticket_and_its_events_alone(
    make: Make, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    before = (ticket.version, ticket.event_seq, ticket.updated_at)
    sweep(shanghai(2026, 12, 9, 9, 0))
    session.expire_all()
    assert len(proposals(session)) == 1
    assert (ticket.version, ticket.event_seq, ticket.updated_at) == before
    assert session.scalar(select(func.count()).select_from(TicketEvent)) == ticket.event_seq


def test_a_dismissed_proposal_does_not_come_back_with_the_same_step(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    make.handled()
    only(session, ClockKind.RESOLUTION)
    sweep(shanghai(2026, 12, 3, 17, 31))
    (row,) = proposals(session)
    make.at(shanghai(2026, 12, 4, 9, 0))
    begin_writing(session)
    supervising.dismiss(make.work(cast.wang), row.id, "当日已补办。")
    session.commit()
    sweep(shanghai(2026, 12, 4, 9, 5))
    assert [one.status for one in proposals(session)] == [SupervisionStatus.DISMISSED]


def test_nothing_is_proposed_for_what_was_answered_in_time(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    make.closed()
    other = make.contacted(make.ticket("另一件"))
    make.act(cast.chen, other, closing.withdraw, "自行解决")
    sweep(shanghai(2026, 12, 30, 9, 0))
    assert proposals(session) == []


def _found(session: Session) -> set[tuple[Any, ...]]:
    return {
        (row.ticket_id, row.level.value, row.why, row.clock_id, row.addressee, row.status.value)
        for row in proposals(session)
    }


def test_four_sweeps_at_once_propose_the_same_as_one(
    make: Make, cast: Cast, database: TestDatabase, session: Session
) -> None:
    for number in range(12):
        make.handled(make.ticket(enterprise=cast.yi if number % 2 else cast.jia))
        make.ticket(enterprise=cast.yi if number % 2 else cast.jia)
    moment = FixedTime(shanghai(2026, 12, 9, 17, 31))
    begin_writing(session)
    while sweeping.sweep_batch(Work(session, moment)).clocks:
        pass
    alone = _found(session)
    session.rollback()
    assert len(alone) == session.scalar(select(func.count()).select_from(Ticket)) == 24
    assert _found(session) == set()
    session.rollback()
    errors = _sweep_at_once(database, moment, 4)
    assert errors == []
    assert _found(session) == alone


def _sweep_at_once(database: TestDatabase, moment: FixedTime, count: int) -> list[BaseException]:
    start = threading.Barrier(count)
    errors: list[BaseException] = []

    def work_off() -> None:
        try:
            start.wait(30)
            found = 1
            while found:
                with Session(database.engine) as own:
                    begin_writing(own)
                    found = sweeping.sweep_batch(Work(own, moment), limit=7).clocks
                    own.commit()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work_off) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def test_what_was_done_meanwhile_is_dismissed_all_at_once_and_what_still_waits_is_not(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    done, waits = make.handled(), make.handled(make.ticket(enterprise=cast.yi))
    only(session, ClockKind.RESOLUTION)
    sweep(shanghai(2026, 12, 3, 17, 31))
    make.at(shanghai(2026, 12, 4, 9, 0)).answered(done)
    begin_writing(session)
    assert supervising.dismiss_made_good(make.work(cast.wang), "均已补办。") == 1
    session.commit()
    assert {row.ticket_id: row.status.value for row in proposals(session)} == {
        done.id: "dismissed",
        waits.id: "proposed",
    }


def test_a_unit_is_reminded_of_what_it_owes_at_the_supervision_without_a_shielded_name(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    task = make.signed(make.task(ticket))
    row = issued(make, ticket, order(L.NOTICE, Addressee.UNIT, task.number))
    only(session, ClockKind.SUPERVISION_REPLY)
    sweep(shanghai(2026, 11, 26, 17, 31))
    told = reminders(session, cast.zhou.id)
    assert [message.location for message in told] == [f"/supervisions/{row.id}"]
    assert task.number in told[0].title
    assert "甲企业" not in told[0].title + told[0].body
    assert reminders(session, cast.zhang.id) == []
    assert reminders(session, cast.wang.id) != []


def test_a_callback_that_is_late_is_the_supervisors_red_card(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    sweep(shanghai(2026, 11, 30, 17, 31))
    (message,) = reminders(session, cast.wang.id)
    assert message.title.startswith(f"红牌超期：{ticket.number} 回访")
    assert message.location == f"/tickets/{ticket.number}/callback"
    assert reminders(session, cast.zhang.id) == []
