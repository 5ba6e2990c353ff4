"""并单: the earliest ticket is the parent and keeps the earliest due time; the answer flows back, told once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, StaleTicket
from assist.domain.status import ClockKind, Difficulty, Status, TicketType, Verdict
from assist.domain.transitions import Action
from assist.models import Clock, ClockMove, Message, Ticket, TicketEvent
from assist.services import access, conversing, merging, pairing, tasking
from assist.services.queries import ticket_page
from assist.services.queries.due_choices import due_choices
from assist.services.queries.invariants import broken
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services import promises
from tests.services.test_concurrency import at_once

LATER = shanghai(2026, 11, 24, 10)


@pytest.fixture
def two(make: Make, time: FixedTime) -> tuple[Ticket, Ticket]:
    """甲's ticket of Monday and the same matter again on Tuesday."""
    first = make.handled(make.ticket("车间二期消防验收排队已有两个月，影响新产线投产。"))
    time.at = LATER
    return first, make.ticket("二期车间的消防验收还在排队，新产线不能投产。")


def merge(make: Make, by: Person, child: Ticket, parent: Ticket, **more: Any) -> None:
    make.act(by, child, merging.merge, parent.number, **more)


def seen(make: Make, by: Person, ticket: Ticket) -> ticket_page.TicketPage:
    work = make.work(by)
    return ticket_page.load(work, access.ticket(work, ticket.number))


def titles(make: Make, person: Person, kind: str) -> list[str]:
    query = select(Message.title).where(Message.recipient_id == person.id, Message.kind == kind)
    return list(make.session.scalars(query.order_by(Message.id)))


def test_the_later_goes_into_the_earlier_and_the_enterprise_is_told(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    first, second = two
    merge(make, cast.qian, second, first)
    assert (second.status, second.merged_at, second.parent_id) == (Status.MERGED, LATER, first.id)
    assert first.status is Status.HANDLING
    ended = make.session.scalars(select(Clock).where(Clock.ticket_id == second.id)).all()
    assert {clock.verdict for clock in ended} == {Verdict.VOID}
    assert (second.due_at, second.next_due_at) == (None, None)
    assert titles(make, cast.chen, "merged") == [
        f"诉求 {second.number} 与 {first.number} 是同一件事，已合并办理"
    ]
    assert titles(make, cast.zhang, "merged") == [f"{second.number} 已并入 {first.number}"]
    events = make.session.scalars(select(TicketEvent).where(TicketEvent.action == Action.MERGE)).all()
    assert {(one.ticket_id, one.new_status) for one in events} == {
        (first.id, Status.HANDLING),
        (second.id, Status.MERGED),
    }
    assert list(broken(make.session)) == []


def test_a_clock_that_was_late_already_is_missed_and_not_void(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], time: FixedTime
) -> None:
    first, second = two
    time.at = LATER + timedelta(hours=4)  # contact was due two working hours after the submission
    merge(make, cast.qian, second, first)
    verdicts = {
        clock.kind: clock.verdict
        for clock in make.session.scalars(select(Clock).where(Clock.ticket_id == second.id))
    }
    assert verdicts[ClockKind.CONTACT] is Verdict.MISSED
    assert verdicts[ClockKind.RESOLUTION] is Verdict.VOID


def test_the_parent_keeps_the_earlier_due_time_with_its_fact(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    first = make.handled(difficulty=Difficulty.COMPLEX)
    time.at = LATER
    second = make.handled(make.ticket("同一件事，又催一次"))
    before, early = first.due_at, second.due_at
    assert before is not None
    assert early is not None
    assert early < before
    merge(make, cast.qian, second, first)
    assert first.due_at == early
    (move,) = make.session.scalars(select(ClockMove).where(ClockMove.at == LATER, ClockMove.old_due_at == before))
    event = make.session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == first.id, TicketEvent.action == Action.MERGE)
    ).one()
    assert event.fields["new_due_at"] == early.isoformat()
    assert (move.new_due_at, move.why) == (early, f"并入{second.number}，取较早的时限")
    clock = make.session.scalars(
        select(Clock).where(
            Clock.ticket_id == first.id, Clock.kind == ClockKind.RESOLUTION, Clock.stopped_at.is_(None)
        )
    ).one()
    assert clock.original_due_at == before
    time.at = shanghai(2026, 12, 8, 9)  # between the two due times: late by the earlier one
    promises.figures_equal_their_recount(make)


def test_a_due_time_that_has_passed_moves_nothing(make: Make, cast: Cast, time: FixedTime) -> None:
    first = make.handled(difficulty=Difficulty.COMPLEX)
    time.at = LATER
    second = make.handled(make.ticket("同一件事，又催一次"))
    before = first.due_at
    time.at = shanghai(2026, 12, 10, 10)
    assert second.due_at is not None
    assert second.due_at < time.at
    merge(make, cast.qian, second, first)
    assert first.due_at == before


def test_the_other_way_round_is_refused_kindly(make: Make, cast: Cast, two: tuple[Ticket, Ticket]) -> None:
    first, second = two
    with pytest.raises(Invalid, match=f"请打开 {second.number}，把它并入 {first.number}"):
        merge(make, cast.qian, first, second)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (lambda make, cast: make.ticket(by=cast.sun).number, "同一家企业"),
        (lambda make, cast: "LC-20990101-0001", "同一家企业"),
        (lambda make, cast: "😀" * 200, "同一家企业"),
        (lambda make, cast: make.closed().number, "提交在后"),
    ],
)
def test_only_an_earlier_open_ticket_of_the_same_enterprise_will_do(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], number: Callable[..., str], sentence: str
) -> None:
    _, second = two
    asked = number(make, cast)
    with pytest.raises(Invalid, match=sentence):
        make.act(cast.zhao, second, merging.merge, asked)


def test_not_into_itself_and_not_into_what_has_ended(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    first, second = two
    with pytest.raises(Invalid, match="不能并入它自己"):
        merge(make, cast.qian, second, second)
    make.closed(make.answered(first))
    with pytest.raises(Invalid, match="只能并入在办的诉求"):
        merge(make, cast.qian, second, first)


def test_not_while_a_unit_works_on_the_child(make: Make, cast: Cast, two: tuple[Ticket, Ticket]) -> None:
    first, second = two
    task = make.task(make.handled(second))
    with pytest.raises(Conflict, match=task.number):
        merge(make, cast.qian, second, first)
    make.session.rollback()
    make.task_act(cast.zhang, task, tasking.cancel, "并单办理")
    merge(make, cast.qian, second, first)
    assert second.status is Status.MERGED


def test_a_units_task_of_the_parent_goes_on(make: Make, cast: Cast, two: tuple[Ticket, Ticket]) -> None:
    first, second = two
    make.task(first)
    merge(make, cast.qian, second, first)
    assert second.status is Status.MERGED


@pytest.mark.parametrize("who", ["zhang", "wang", "chen", "liu"])
def test_it_is_a_coordinators_to_do(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], who: str
) -> None:
    first, second = two
    with pytest.raises(Forbidden):
        merge(make, getattr(cast, who), second, first)


def test_a_stale_page_changes_nothing(make: Make, cast: Cast, two: tuple[Ticket, Ticket]) -> None:
    first, second = two
    version = second.version
    make.handled(second)
    with pytest.raises(StaleTicket):
        merge(make, cast.qian, second, first, version=version)
    make.session.rollback()
    assert second.status is Status.HANDLING


def test_the_answer_flows_back_and_the_enterprise_is_told_once(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    first, second = two
    merge(make, cast.qian, second, first)
    make.answered(first, answer="验收已完成，请领取合格意见书。")
    assert len(titles(make, cast.chen, "answered")) == 1
    body = make.session.scalars(select(Message.body).where(Message.kind == "answered")).one()
    assert f"{second.number} 已并入本件，一并答复" in body
    page = seen(make, cast.chen, second)
    assert page.parent is not None
    # Opening it is one act, on the ticket that was answered.
    assert (page.parent.number, page.parent.is_answered, page.parent.answer) == (first.number, True, "")
    make.act(cast.chen, first, conversing.answer_opened)
    opened = seen(make, cast.chen, second).parent
    assert opened is not None
    assert opened.answer == "验收已完成，请领取合格意见书。"
    make.closed(first)
    after = seen(make, cast.chen, second).parent
    assert after is not None
    assert after.result is not None
    assert after.result.title == "已解决"
    assert seen(make, cast.zhang, first).people.merged_numbers == [second.number]


def test_what_was_merged_into_a_ticket_goes_with_it(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], time: FixedTime
) -> None:
    first, second = two
    time.at = LATER + timedelta(hours=1)
    third = make.ticket("消防验收第三次反映")
    merge(make, cast.qian, third, second)
    merge(make, cast.qian, second, first)
    make.answered(first, answer="统一答复。")
    assert "".join(make.session.scalars(select(Message.body).where(Message.kind == "answered"))).count("LC-") == 2
    page = seen(make, cast.zhang, third)
    assert page.parent is not None
    assert (page.parent.number, page.parent.answer) == (first.number, "统一答复。")
    assert [one.no for one in page.rounds] == [1]


def test_what_looks_alike_is_offered_first(make: Make, cast: Cast, two: tuple[Ticket, Ticket], time: FixedTime) -> None:
    first, second = two
    time.at = LATER - timedelta(hours=1)
    other = make.ticket("厂区门口道路坑洼，货车进出困难。")
    offered = merging.candidates(make.work(cast.qian), second)
    assert [(one.number, one.is_alike) for one in offered] == [(first.number, True), (other.number, False)]


def test_merged_and_handed_over_in_the_same_moment_nothing_hangs(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    first, second = two[0].number, two[1].number
    make.session.close()

    def merged(work: Any) -> Any:
        return merging.merge(work, access.ticket(work, second, lock=True), first).seq

    def ended(work: Any) -> Any:
        return pairing.end(work, cast.jia, "岗位调整").id

    came = at_once(database, time, cast.zhao, [merged, ended, merged])
    assert sum(isinstance(one, Conflict) for one in came) == 1
    assert all(isinstance(one, int | Conflict) for one in came)
    assert make.session.scalars(select(Ticket.owner_id).where(Ticket.number == first)).one() is None
    assert list(broken(make.session)) == []


def test_accepting_the_parent_later_keeps_the_earlier_due_time(make: Make, cast: Cast, time: FixedTime) -> None:
    first = make.ticket("同一件事")
    time.at = LATER
    second = make.handled(make.ticket("同一件事，又催一次"), type=TicketType.CONSULT)
    early = second.due_at
    assert early is not None
    assert first.due_at is not None
    assert early < first.due_at
    merge(make, cast.qian, second, first)
    assert first.due_at == early
    shown = due_choices(make.work(cast.zhang), seen(make, cast.zhang, first))
    make.session.rollback()
    make.handled(first, difficulty=Difficulty.COMPLEX)
    assert first.due_at == early
    assert shown.by_difficulty[Difficulty.COMPLEX] == early, "what the form said is what came"
    clock = make.session.scalars(
        select(Clock).where(
            Clock.ticket_id == first.id, Clock.kind == ClockKind.RESOLUTION, Clock.stopped_at.is_(None)
        )
    ).one()
    assert clock.original_due_at > early
    time.at = shanghai(2026, 12, 8, 9)
    promises.figures_equal_their_recount(make)
