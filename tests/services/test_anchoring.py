"""Chains, anchors and invariants: what was done stays as it was, and whatever was tampered with is found."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind, Status
from assist.jobs import anchor
from assist.jobs.context import Context, JobFault
from assist.models import AuditEntry, Clock, Message, Ticket, TicketEvent
from assist.models.ddl import APPEND_ONLY, append_only
from assist.services import anchoring, auditing, conversing
from assist.services.queries import invariants
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make


@pytest.fixture
def night(database: TestDatabase) -> Context:
    return Context(database.engine, FixedTime(shanghai(2026, 11, 24, 0, 30)))


@pytest.fixture
def city(make: Make, cast: Cast) -> list[Ticket]:
    """One ticket in each state that chains pass through."""
    waiting = make.contacted()
    make.act(cast.zhang, waiting, conversing.request_supplement, "请补充环评批复。")
    return [
        make.ticket(enterprise=cast.yi),
        make.handled(),
        make.answered(),
        make.closed(),
        make.returned(),
        waiting,
    ]


@contextmanager
def tampering(session: Session) -> Iterator[Session]:
    """What somebody can do who owns the database: the triggers are out of his way."""
    session.rollback()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for statement in (
            (f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete")
            if is_sqlite
            else (f"ALTER TABLE {table} DISABLE TRIGGER USER",)
        ):
            session.execute(text(statement))
    yield session
    session.flush()
    if is_sqlite:
        for statement in append_only("sqlite"):
            session.execute(text(statement))
    else:
        for table in APPEND_ONLY:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    session.commit()


def sentences(session: Session) -> list[str]:
    session.rollback()
    return [f"{fault.subject} {fault.sentence}" for fault in anchoring.verify(session).faults]


def test_what_the_services_wrote_is_whole(city: list[Ticket], session: Session) -> None:
    found = anchoring.verify(session)
    assert found.faults == []
    assert found.tickets == 6
    assert found.events == session.scalar(select(func.count()).select_from(TicketEvent))
    assert list(invariants.broken(session)) == []
    assert anchoring.verify_log(session).faults == []


def test_a_changed_word_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[1]
    with tampering(session):
        session.execute(
            update(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq == 2)
            .values(note="已与企业见面。")
        )
    assert sentences(session) == [f"{ticket.number} 第2条流转记录的内容与校验值不符，可能被改动过。"]


def test_a_changed_time_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[1]
    with tampering(session):
        session.execute(
            update(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq == 2)
            .values(at=shanghai(2026, 11, 20, 9, 0))
        )
    assert len(sentences(session)) == 1


def test_an_event_taken_out_of_the_middle_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[3]
    with tampering(session):
        session.execute(text(f"DELETE FROM ticket_event WHERE ticket_id = {ticket.id} AND seq = 2"))
    assert sentences(session) == [f"{ticket.number} 缺第2条流转记录。"]


def test_a_cut_tail_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[1]
    last = ticket.event_seq
    with tampering(session):
        session.execute(text(f"DELETE FROM ticket_event WHERE ticket_id = {ticket.id} AND seq = {last}"))
    assert sentences(session) == [
        f"{ticket.number} 流转记录有{last - 1}条，登记为{last}条，末尾不一致，可能被截去。"
    ]


def test_a_status_that_no_event_made_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[0]
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(status=Status.WITHDRAWN, withdrawn_at=shanghai(2026, 11, 23, 10, 0))
    )
    session.commit()
    assert sentences(session) == [f"{ticket.number} 现为“已撤回”，最后一条流转记录为“待受理”。"]


def _cut(session: Session, ticket: Ticket) -> None:
    """Take the last event away and make the ticket agree with it: the chain alone cannot tell."""
    before = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq == ticket.event_seq - 1)
    ).one()
    heads = {"event_seq": before.seq, "head_hash": before.hash, "status": before.new_status}
    with tampering(session):
        session.execute(
            text(f"DELETE FROM ticket_event WHERE ticket_id = {ticket.id} AND seq > {before.seq}")
        )
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(heads))


def test_a_cut_tail_with_a_forged_head_is_shown_by_the_anchor(
    city: list[Ticket], night: Context, session: Session
) -> None:
    anchor.run(night)
    _cut(session, city[1])
    assert [one.split(" ")[0] for one in sentences(session)] == ["锚定"]


def test_a_ticket_taken_out_whole_is_shown_by_the_anchor(
    make: Make, city: list[Ticket], night: Context, session: Session
) -> None:
    gone = make.ticket()
    anchor.run(night)
    with tampering(session):
        for table in ("message", "clock", "ticket_round", "ticket_event"):
            session.execute(text(f"DELETE FROM {table} WHERE ticket_id = {gone.id}"))
        session.execute(text(f"DELETE FROM ticket_search WHERE id = {gone.id}"))
        session.execute(text(f"DELETE FROM ticket WHERE id = {gone.id}"))
    assert [one.split(" ")[0] for one in sentences(session)] == ["锚定"]


def test_what_is_done_after_an_anchor_does_not_disturb_it(
    make: Make, cast: Cast, city: list[Ticket], night: Context, session: Session
) -> None:
    anchor.run(night)
    make.ticket()
    make.act(cast.zhang, city[1], conversing.comment, "补充一句。")
    assert sentences(session) == []


def test_the_anchor_is_made_once_a_day(city: list[Ticket], night: Context, session: Session) -> None:
    assert anchor.run(night)["tickets"] == 6
    assert anchor.run(night)["tickets"] == 0
    tomorrow = Context(night.engine, FixedTime(shanghai(2026, 11, 25, 0, 30)))
    assert anchor.run(tomorrow)["tickets"] == 6
    entries = session.scalars(select(AuditEntry).where(AuditEntry.deed == "anchor")).all()
    assert [entry.subject for entry in entries] == ["2026-11-24", "2026-11-25"]
    assert entries[0].detail["digest"] == entries[1].detail["digest"]


def test_a_fault_turns_the_job_red_and_is_told_to_auditors_and_supervisors(
    city: list[Ticket], cast: Cast, night: Context, session: Session
) -> None:
    with tampering(session):
        session.execute(update(TicketEvent).where(TicketEvent.seq == 1).values(note="改"))
    with pytest.raises(JobFault, match="核验发现6处不符"):
        anchor.run(night)
    told = session.scalars(select(Message).where(Message.kind == "audit")).all()
    assert {message.recipient_id for message in told} == {cast.shen.id, cast.wang.id}
    assert {message.tone for message in told} == {"late"}


def test_the_audit_log_is_a_chain_of_its_own(cast: Cast, session: Session, time: FixedTime) -> None:
    for number in range(3):
        auditing.record(Work(session, time, cast.wang.actor), "export", f"台账{number}", rows=number)
    session.commit()
    with tampering(session):
        session.execute(update(AuditEntry).where(AuditEntry.seq == 2).values(subject="别的台账"))
    assert [fault.sentence for fault in anchoring.verify_log(session).faults] == [
        "第2条的内容与校验值不符，可能被改动过。"
    ]


def test_a_cut_audit_log_is_found(cast: Cast, session: Session, time: FixedTime) -> None:
    for number in range(3):
        auditing.record(Work(session, time, cast.wang.actor), "export", f"台账{number}")
    session.commit()
    with tampering(session):
        session.execute(text("DELETE FROM audit_entry WHERE seq = 3"))
    assert [fault.sentence for fault in anchoring.verify_log(session).faults] == [
        "应有3条，实有2条，末尾可能被截去。"
    ]


def test_a_missing_clock_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[1]
    session.execute(text(f"DELETE FROM clock WHERE ticket_id = {ticket.id} AND kind = 'progress'"))
    session.commit()
    assert [(fault.subject, fault.sentence) for fault in invariants.broken(session)] == [
        (ticket.number, "“办理中”却没有在走的进展反馈时限。"),
        (ticket.number, "登记的最近时限与时限表不一致。"),
    ]


def test_an_untrue_mirror_is_found(city: list[Ticket], session: Session) -> None:
    ticket = city[1]
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(due_at=shanghai(2027, 1, 4, 17, 30)))
    session.commit()
    assert [fault.sentence for fault in invariants.broken(session)] == ["登记的办结时限与时限表不一致。"]


def test_an_owner_without_a_pairing_is_found(city: list[Ticket], cast: Cast, session: Session) -> None:
    session.execute(update(Ticket).where(Ticket.id == city[1].id).values(owner_id=cast.wu.id))
    session.commit()
    assert [fault.sentence for fault in invariants.broken(session)] == ["责任专员不是企业现在结对的专员。"]


def test_a_clock_that_runs_on_after_the_end_is_found(city: list[Ticket], session: Session) -> None:
    session.execute(
        update(Clock)
        .where(Clock.ticket_id == city[3].id, Clock.kind == ClockKind.RESOLUTION)
        .values(stopped_at=None, verdict=None)
    )
    session.commit()
    assert "已结束，却还有时限在走。" in [fault.sentence for fault in invariants.broken(session)]
