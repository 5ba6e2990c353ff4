"""交接: prepared with its inventory, acknowledged by both, effective at the second in one piece; due times stay."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.handovers import HandoverStatus, Side
from assist.domain.policy import Relation
from assist.domain.status import ClockHolder
from assist.domain.tasks import TaskResult, TaskStatus
from assist.domain.transitions import Action
from assist.models import Account, Clock, ClockMove, Handover, Message, Pairing, Setting, Ticket, TicketEvent
from assist.models.engine import begin_writing
from assist.services import access, answering, handing_over, pairing, settings, tasking
from tests.cast import Cast, Person
from tests.make import Make

WHEN = shanghai(2026, 11, 23, 15)


def prepared(make: Make, cast: Cast, notes: str = "企业在扩建二期厂房。") -> Handover:
    begin_writing(make.session)
    made = handing_over.prepare(make.work(cast.zhao), cast.jia, cast.wu.id, "岗位调整", notes)
    make.session.commit()
    return made


def acknowledged(make: Make, by: Person, found: Handover, side: Side | None = None, **more: Any) -> Handover:
    begin_writing(make.session)
    handing_over.acknowledge(make.work(by), found.id, side, **more)
    make.session.commit()
    return found


def told(make: Make, person: Person) -> list[str]:
    query = select(Message.title).where(Message.recipient_id == person.id, Message.kind == "handover")
    return list(make.session.scalars(query.order_by(Message.id)))


def passed(make: Make, ticket: Ticket) -> list[Any]:
    events = make.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Action.REASSIGN)
        .order_by(TicketEvent.seq)
    )
    return [event.fields["owner_id"] for event in events]


def test_it_is_effective_at_the_second_acknowledgement_and_not_before(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    ticket, closed = make.handled(), make.closed()
    due = {clock.id: clock.due_at for clock in make.session.scalars(select(Clock))}
    found = prepared(make, cast)
    acknowledged(make, cast.wu, found)
    assert (found.status, ticket.owner_id) == (HandoverStatus.PREPARED, cast.zhang.id)
    time.at = WHEN
    acknowledged(make, cast.zhang, found)
    assert (found.status, found.effective_at) == (HandoverStatus.EFFECTIVE, WHEN)
    assert (ticket.owner_id, closed.owner_id) == (cast.wu.id, cast.zhang.id)
    assert passed(make, ticket) == [[cast.zhang.id, cast.wu.id]]
    rows = make.session.scalars(
        select(Pairing).where(Pairing.enterprise_id == cast.jia).order_by(Pairing.id)
    ).all()
    assert [(row.officer_id, row.ended_at) for row in rows] == [(cast.zhang.id, WHEN), (cast.wu.id, None)]
    assert rows[1].started_at == WHEN
    assert {clock.id: clock.due_at for clock in make.session.scalars(select(Clock))} == due
    assert make.session.scalars(select(ClockMove).where(ClockMove.at >= WHEN)).all() == []


def test_everybody_is_told_in_one_plain_sentence(make: Make, cast: Cast) -> None:
    make.handled()
    found = prepared(make, cast)
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    assert told(make, cast.chen) == [
        "您的服务专员由张建华变更为吴外人，在办的1件诉求由吴外人接着办理，办理时限不变"
    ]
    assert told(make, cast.zhang) == [
        "甲企业 将由您交接给吴外人，请核对交接清单并确认",
        "甲企业 已由您交接给吴外人，您经办的诉求仍可查看",
    ]
    assert told(make, cast.wu) == ["甲企业 将由张建华交接给您，请核对交接清单并确认"]


def test_the_old_officer_reads_on_and_does_nothing_more(make: Make, cast: Cast, time: FixedTime) -> None:
    ticket = make.handled()
    found = prepared(make, cast)
    time.at = WHEN
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    work = make.work(cast.zhang)
    assert Relation.FORMER in access.standing(work, access.ticket(work, ticket.number)).relations
    with pytest.raises(Forbidden):
        make.act(cast.zhang, ticket, answering.answer, None, "", "")
    time.at = WHEN + timedelta(minutes=1)
    later = make.ticket("交接后的新问题")
    with pytest.raises(NotFound):
        access.ticket(make.work(cast.zhang), later.number)


def test_the_inventory_is_every_open_ticket_with_what_is_owed_on_it(make: Make, cast: Cast) -> None:
    task = make.dispatched()
    make.closed()
    found = prepared(make, cast)
    (line,) = found.inventory
    assert line["number"] == task.ticket.number
    assert line["status"] == "handling"
    assert line["due_at"] == task.ticket.due_at.isoformat()  # type: ignore[union-attr]
    assert line["tasks"] == [f"{task.number} 市生态环境局 已核发"]
    assert (line["requests"], line["owed"]) == ([], [])
    make.ticket("准备之后的新诉求")
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    assert len(found.inventory) == 2  # as it stood when it took effect


def test_a_handover_in_the_middle_of_a_ticket_with_an_open_task_loses_nothing(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    """The unit goes on with its task; its reply comes to the successor, who accepts it and answers."""
    task = make.signed()
    ticket = task.ticket
    due_at = ticket.due_at
    found = prepared(make, cast)
    time.at = WHEN
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    make.session.refresh(task)
    assert task.status is TaskStatus.SIGNED
    unit_clocks = make.session.scalars(
        select(Clock).where(Clock.task_id == task.id, Clock.stopped_at.is_(None))
    ).all()
    assert {clock.holder for clock in unit_clocks} == {ClockHolder.UNIT}
    time.at = shanghai(2026, 11, 24, 9)
    make.replied(task, result=TaskResult.DONE)
    heard = make.session.scalars(select(Message.recipient_id).where(Message.kind == "task_replied"))
    assert set(heard) == {cast.wu.id}
    with pytest.raises(Conflict, match="承办任务没有办结"):
        make.answered(ticket)
    make.task_act(cast.wu, task, tasking.accept_reply)
    make.answered(ticket)
    assert ticket.due_at is None
    assert due_at is not None
    make.closed(ticket)
    assert passed(make, ticket) == [[cast.zhang.id, cast.wu.id]]


def test_a_coordinator_acknowledges_for_an_absent_officer_with_a_reason(make: Make, cast: Cast) -> None:
    ticket = make.ticket()
    found = prepared(make, cast)
    with pytest.raises(Invalid, match="请选择代哪一位专员确认"):
        acknowledged(make, cast.qian, found)
    with pytest.raises(Invalid, match="请填写代为确认的原因"):
        acknowledged(make, cast.qian, found, Side.FORMER, reason=" ")
    acknowledged(make, cast.qian, found, Side.FORMER, reason="本人已离岗")
    acknowledged(make, cast.zhao, found, Side.SUCCESSOR, reason="在外学习")
    assert (found.former_for_id, found.former_reason) == (cast.qian.id, "本人已离岗")
    assert (found.successor_for_id, found.successor_reason) == (cast.zhao.id, "在外学习")
    assert ticket.owner_id == cast.wu.id


def test_doing_it_again_changes_nothing(make: Make, cast: Cast, time: FixedTime) -> None:
    ticket = make.ticket()
    found = prepared(make, cast)
    acknowledged(make, cast.zhang, found)
    first = found.former_at
    time.at = WHEN
    acknowledged(make, cast.zhang, found)
    assert (found.former_at, found.status) == (first, HandoverStatus.PREPARED)
    acknowledged(make, cast.wu, found)
    for person in (cast.wu, cast.zhang):  # a stale page
        acknowledged(make, person, found)
    assert passed(make, ticket) == [[cast.zhang.id, cast.wu.id]]


@pytest.mark.parametrize(
    ("who", "refusal"), [("wang", Forbidden), ("li", NotFound), ("chen", NotFound), ("zhou", NotFound)]
)
def test_nobody_else_acknowledges(make: Make, cast: Cast, who: str, refusal: type[Exception]) -> None:
    found = prepared(make, cast)
    with pytest.raises(refusal):
        acknowledged(make, getattr(cast, who), found, Side.FORMER, reason="越权")
    with pytest.raises(refusal):
        handing_over.cancel(make.work(getattr(cast, who)), found.id)


def test_an_officer_does_not_acknowledge_for_the_other(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    with pytest.raises(Forbidden, match="只能为自己确认"):
        acknowledged(make, cast.wu, found, Side.FORMER, reason="代劳")


def test_only_one_waits_for_an_enterprise_and_a_cancelled_one_makes_room(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    with pytest.raises(Conflict, match="由张建华交接给吴外人正在确认"):
        handing_over.prepare(make.work(cast.zhao), cast.jia, cast.li.id, "又换一位")
    handing_over.cancel(make.work(cast.qian), found.id)
    handing_over.cancel(make.work(cast.qian), found.id)
    make.session.commit()
    with pytest.raises(Conflict, match="已经取消"):
        acknowledged(make, cast.zhang, found)
    handing_over.prepare(make.work(cast.zhao), cast.jia, cast.li.id, "改由李明接任")
    make.session.commit()
    assert told(make, cast.zhang)[1] == "甲企业 的交接已取消，仍由张建华负责"


def test_an_effective_one_cannot_be_cancelled(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    with pytest.raises(Conflict, match="已经生效"):
        handing_over.cancel(make.work(cast.zhao), found.id)


def test_a_pairing_that_ends_another_way_takes_the_ground_from_it(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    pairing.end(make.work(cast.zhao), cast.jia, "紧急抽调")
    make.session.commit()
    make.session.refresh(found)
    assert found.status is HandoverStatus.CANCELLED
    with pytest.raises(Conflict, match="目前没有在岗专员，请直接结对"):
        prepared(make, cast)


def test_a_successor_who_left_meanwhile_takes_nothing_over(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    acknowledged(make, cast.wu, found)
    make.session.get_one(Account, cast.wu.id).is_active = False
    make.session.commit()
    with pytest.raises(Invalid, match="在岗的服务专员"):
        acknowledged(make, cast.zhang, found)
    make.session.rollback()
    assert found.former_at is None


def test_a_restricted_matter_stays_with_the_person_named_and_off_the_inventory(make: Make, cast: Cast) -> None:
    row = make.session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one()
    row.value = cast.wang.id
    settings.changed(make.session)
    make.session.commit()
    ticket = make.ticket("对专员有意见，希望换人。", category="1304")
    found = prepared(make, cast)
    acknowledged(make, cast.zhang, found)
    acknowledged(make, cast.wu, found)
    assert found.inventory == []
    assert ticket.owner_id == cast.wang.id
    assert told(make, cast.chen) == ["您的服务专员由张建华变更为吴外人"]


def test_notes_are_added_by_the_officers_and_kept_within_bounds(make: Make, cast: Cast) -> None:
    found = prepared(make, cast)
    with pytest.raises(Invalid, match="2000字以内"):
        acknowledged(make, cast.zhang, found, notes="长" * 10_000)
    acknowledged(make, cast.zhang, found, notes="王总周三下午有空😀")
    assert found.notes == "企业在扩建二期厂房。\n张建华：王总周三下午有空😀"
