"""督办: signed by a supervisor with a number without gaps, from a proposal or fresh."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Invalid
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models import AuditEntry, Counter, Setting, Supervision, TicketEvent
from assist.services import access, settings, supervising
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once
from tests.supervisions import act, clock_of, issued, order, proposed
from tests.tasks import told

L, A, S = SupervisionLevel, Addressee, SupervisionStatus


@pytest.mark.parametrize(
    ("level", "due_at"),
    [
        (L.NOTICE, shanghai(2026, 11, 26, 17, 30)),
        (L.ORDER, shanghai(2026, 11, 25, 17, 30)),
        (L.KEY_ORDER, shanghai(2026, 11, 24, 17, 30)),
    ],
)
def test_issued_it_has_a_number_a_time_by_its_level_and_is_told_at_once(
    make: Make, cast: Cast, session: Session, level: SupervisionLevel, due_at: Any
) -> None:
    row = issued(make, make.handled(), order(level))
    assert (row.number, row.status, row.account_id) == ("聊助企督〔2026〕1号", S.ISSUED, cast.zhang.id)
    clock = clock_of(session, row)
    assert (clock.kind, clock.holder, clock.due_at) == (
        ClockKind.SUPERVISION_REPLY,
        ClockHolder.OWNER,
        due_at,
    )
    (message,) = told(session, cast.zhang.id, "supervision")
    assert str(row.number) in message.title
    assert message.location == f"/supervisions/{row.id}"
    event = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc()).limit(1)).one()
    assert (event.action.value, event.is_visible) == ("supervise", False)
    assert told(session, cast.chen.id, "supervision") == []


def test_numbers_run_through_the_year_and_begin_anew_with_the_next(make: Make, cast: Cast) -> None:
    first = issued(make, make.handled())
    second = issued(make, make.handled(make.ticket("另一件")))
    make.at(shanghai(2027, 1, 4, 9, 0))
    third = issued(make, make.handled(make.ticket("明年的")))
    assert [one.number for one in (first, second, third)] == [
        "聊助企督〔2026〕1号",
        "聊助企督〔2026〕2号",
        "聊助企督〔2027〕1号",
    ]


def test_the_prefix_is_a_setting(make: Make, session: Session) -> None:
    session.add(Setting(name="supervision_prefix", value="聊督查"))
    settings.changed(session)
    session.commit()
    assert issued(make, make.handled()).number == "聊督查〔2026〕1号"


def test_what_is_refused_takes_no_number(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.handled()
    for wrong, field in (
        (supervising.Order(None, A.OWNER, "", "请反馈"), "level"),
        (supervising.Order(L.NOTICE, None, "", "请反馈"), "addressee"),
        (supervising.Order(L.NOTICE, A.UNIT, "LC-20261123-0001-09", "请反馈"), "addressee"),
        (supervising.Order(L.NOTICE, A.OWNER, "", " "), "demand"),
        (supervising.Order(L.NOTICE, A.OWNER, "", "长" * 10_000), "demand"),
    ):
        with pytest.raises(Invalid) as refusal:
            make.act(cast.wang, ticket, supervising.issue, wrong)
        session.rollback()
        assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(Supervision)) == 0
    assert issued(make, ticket).number == "聊助企督〔2026〕1号"


def test_two_sign_at_once_and_the_numbers_have_no_gap(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    tickets = [make.handled(make.ticket(f"第{count}件")).number for count in range(5)]
    make.session.close()
    deeds: list[Any] = [
        lambda work, number=number: supervising.issue(work, access.ticket(work, number, lock=True), order())[
            0
        ].number
        for number in tickets
    ]
    came = at_once(database, time, cast.wang, deeds)
    assert sorted(came) == [f"聊助企督〔2026〕{count}号" for count in range(1, 6)]


def test_two_sign_the_same_proposal_at_once_and_one_is_told_who_was_faster(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast, session: Session
) -> None:
    row = proposed(session, make.handled())
    id = row.id
    session.close()
    sign = lambda work: supervising.issue_proposal(work, id, order())[0].number  # noqa: E731 - a deed
    came = at_once(database, time, cast.wang, [sign, sign, sign])
    assert came.count("聊助企督〔2026〕1号") == 1
    late = [one for one in came if isinstance(one, Conflict)]
    assert len(late) == 2
    assert all("王督 已于11月23日09:30办理（签发（聊助企督〔2026〕1号））" in one.sentence for one in late)
    with Session(database.engine) as fresh:
        series = select(Counter.value).where(Counter.name == "聊助企督〔2026〕")
        assert fresh.scalar(series) == 1


def test_a_proposal_becomes_what_is_signed_whether_from_it_or_from_the_ticket(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    row = proposed(session, ticket)
    made = issued(make, ticket, order(L.ORDER))
    assert (made.id, made.level, made.why) == (row.id, L.ORDER, "办结超期1个工作日")


def test_a_dismissed_proposal_stays_with_its_reason_and_is_in_the_audit_log(
    make: Make, cast: Cast, session: Session
) -> None:
    row = proposed(session, make.handled())
    with pytest.raises(Invalid):
        act(make, cast.wang, supervising.dismiss, row.id, " ")
    session.rollback()
    act(make, cast.wang, supervising.dismiss, row.id, "当日已补办。")
    assert (row.status, row.number, row.issued_at) == (S.DISMISSED, None, None)
    assert (row.note, row.settled_by_id) == ("当日已补办。", cast.wang.id)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "dismiss_supervision")).one()
    assert entry.detail["reason"] == "当日已补办。"
