"""Limits and ladder are changed by two supervisors, from the next month on, for clocks that start then."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.changes import ChangeKind, ChangeStatus, first_of_next_month, in_force_from
from assist.domain.clock import FixedTime, shanghai
from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.ladder import LadderRule
from assist.domain.ladder_words import RULES, unfit
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Difficulty, Step
from assist.models import AuditEntry, Clock, Limit, Message, SettingChange, Ticket
from assist.models.engine import begin_writing
from assist.services import proposed_ladder, proposed_limits, proposing
from assist.services.proposing import Proposal
from assist.services.work import Work
from tests.cast import Cast, Person, account, person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import Deed, at_once

DECEMBER = date(2026, 12, 1)


@pytest.fixture
def second(make: Make) -> Person:
    """Another supervisor."""
    row = account(make.session, "ding", "丁督", Role.SUPERVISOR)
    make.session.commit()
    return person(row)


def propose(make: Make, who: Person, key: str, budget: Budget, reason: str = "压缩时限") -> int:
    begin_writing(make.session)
    work = make.work(who)
    found = Proposal(ChangeKind.LIMIT, key, *proposed_limits.difference(work, key, budget))
    made = proposing.propose(work, found, reason).id
    make.session.commit()
    return made


def propose_step(make: Make, who: Person, rule: LadderRule) -> int:
    begin_writing(make.session)
    work = make.work(who)
    key = f"{rule.kind.value}.{rule.step.value}"
    found = Proposal(ChangeKind.LADDER, key, *proposed_ladder.difference(work, rule))
    made = proposing.propose(work, found, "减少打扰").id
    make.session.commit()
    return made


def decide(make: Make, who: Person, change_id: int, is_approved: bool = True, note: str = "") -> SettingChange:
    begin_writing(make.session)
    change = proposing.decide(make.work(who), change_id, is_approved, note)
    make.session.commit()
    return change


def clock(make: Make, ticket: Ticket, kind: ClockKind) -> Clock:
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind)
    return make.session.scalars(query).one()


def test_a_change_holds_from_the_first_of_the_month_after() -> None:
    assert first_of_next_month(date(2026, 11, 23)) == DECEMBER
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert in_force_from(DECEMBER, date(2026, 11, 30)) == DECEMBER
    assert in_force_from(DECEMBER, date(2026, 12, 1)) == date(2027, 1, 1)


def test_an_approved_limit_is_given_to_clocks_that_start_from_its_date_on(
    make: Make, cast: Cast, second: Person
) -> None:
    before = make.ticket()
    due_at = clock(make, before, ClockKind.ACCEPTANCE).due_at
    change = decide(make, second, propose(make, cast.wang, "acceptance", Budget.working_minutes(180)))
    assert change.from_on == DECEMBER
    assert change.payload["words"] == "受理：4个工作小时 → 3个工作小时"
    same_month = make.at(shanghai(2026, 11, 30, 9)).ticket(by=cast.sun)
    assert clock(make, same_month, ClockKind.ACCEPTANCE).budget.text == "4个工作小时"
    after = make.at(shanghai(2026, 12, 1, 9)).ticket(by=cast.sun)
    assert clock(make, after, ClockKind.ACCEPTANCE).budget.text == "3个工作小时"
    make.session.expire_all()
    assert clock(make, before, ClockKind.ACCEPTANCE).due_at == due_at


def test_a_matter_graded_after_the_change_keeps_the_limit_of_its_first_day(
    make: Make, cast: Cast, second: Person
) -> None:
    """Running clocks keep what they were given, whatever is found out about them later."""
    decide(make, second, propose(make, cast.wang, "resolution.complex", Budget.working_days(10)))
    ticket = make.at(shanghai(2026, 11, 30, 10)).ticket()
    make.at(shanghai(2026, 12, 1, 9)).handled(ticket, difficulty=Difficulty.COMPLEX)
    assert clock(make, ticket, ClockKind.RESOLUTION).amount == 15
    later = make.handled(make.ticket(by=cast.sun), difficulty=Difficulty.COMPLEX)
    assert clock(make, later, ClockKind.RESOLUTION).amount == 10


def test_who_proposed_never_decides(make: Make, cast: Cast) -> None:
    made = propose(make, cast.wang, "opinion", Budget.working_days(2))
    for is_approved in (True, False):
        with pytest.raises(Forbidden, match="不能由自己审批"):
            decide(make, cast.wang, made, is_approved, "可以")
        make.session.rollback()
    assert make.session.get_one(SettingChange, made).status is ChangeStatus.PROPOSED


@pytest.mark.parametrize("name", ["zhao", "zhang", "xi", "an", "shen", "liu"])
def test_nobody_but_a_supervisor_proposes_or_decides(name: str, make: Make, cast: Cast) -> None:
    made = propose(make, cast.wang, "opinion", Budget.working_days(2))
    who: Person = getattr(cast, name)
    with pytest.raises(Forbidden):
        decide(make, who, made)
    make.session.rollback()
    with pytest.raises(Forbidden):
        propose(make, who, "acceptance", Budget.working_minutes(60))


def test_of_two_who_decide_the_second_is_told_who_was_first(make: Make, cast: Cast, second: Person) -> None:
    third = person(account(make.session, "bai", "白督", Role.SUPERVISOR))
    make.session.commit()
    made = propose(make, cast.wang, "opinion", Budget.working_days(2))
    decide(make, second, made)
    with pytest.raises(Conflict, match="丁督于11月23日09:30处理：已批准"):
        decide(make, third, made, False, "不妥")
    make.session.rollback()
    assert len(make.session.scalars(select(Limit).where(Limit.from_on == DECEMBER)).all()) == 1


def test_of_two_who_press_at_once_one_decides(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast, second: Person
) -> None:
    third = person(account(make.session, "bai", "白督", Role.SUPERVISOR))
    make.session.commit()
    made = propose(make, cast.wang, "opinion", Budget.working_days(2))
    make.session.close()

    def deciding(who: Person, is_approved: bool) -> Deed:
        return lambda work: proposing.decide(Work(work.session, time, who.actor), made, is_approved, "意见").status

    came = at_once(database, time, second, [deciding(second, True), deciding(third, False)])
    assert len([one for one in came if isinstance(one, Conflict)]) == 1
    decided = next(one for one in came if isinstance(one, ChangeStatus))
    assert make.session.get_one(SettingChange, made).status is decided
    written = make.session.scalars(select(Limit).where(Limit.from_on == DECEMBER)).all()
    assert len(written) == (decided is ChangeStatus.APPROVED)


def test_what_is_refused_or_withdrawn_changes_nothing(make: Make, cast: Cast, second: Person) -> None:
    refused = propose(make, cast.wang, "opinion", Budget.working_days(2))
    with pytest.raises(Invalid, match="不批准请写明理由") as caught:
        decide(make, second, refused, False)
    assert caught.value.field == "note"
    make.session.rollback()
    decide(make, second, refused, False, "先不动")
    mine = propose(make, cast.wang, "opinion", Budget.working_days(3))
    begin_writing(make.session)
    with pytest.raises(Forbidden):
        proposing.withdraw(make.work(second), mine)
    make.session.rollback()
    begin_writing(make.session)
    proposing.withdraw(make.work(cast.wang), mine)
    make.session.commit()
    assert make.session.scalars(select(Limit).where(Limit.from_on == DECEMBER)).all() == []
    with pytest.raises(Conflict, match="已撤回"):
        decide(make, second, mine)


def test_of_one_limit_one_change_waits_at_a_time(make: Make, cast: Cast, second: Person) -> None:
    propose(make, cast.wang, "opinion", Budget.working_days(2))
    with pytest.raises(Conflict, match="已有一项调整待批准"):
        propose(make, second, "opinion", Budget.working_days(3))
    make.session.rollback()
    propose(make, second, "acceptance", Budget.working_minutes(120))


def test_a_second_change_for_the_same_month_takes_the_place_of_the_first(
    make: Make, cast: Cast, second: Person
) -> None:
    decide(make, second, propose(make, cast.wang, "opinion", Budget.working_days(2)))
    decide(make, cast.wang, propose(make, second, "opinion", Budget.working_days(3)))
    row = make.session.scalars(select(Limit).where(Limit.from_on == DECEMBER)).one()
    assert row.amount == 3
    changes = make.session.scalars(select(SettingChange).order_by(SettingChange.id)).all()
    assert changes[1].payload["words"] == "初步意见：2个工作日 → 3个工作日"


def test_what_is_approved_late_holds_from_the_month_after(make: Make, cast: Cast, second: Person) -> None:
    made = propose(make, cast.wang, "acceptance", Budget.working_minutes(180))
    make.at(shanghai(2026, 12, 2, 9))
    assert decide(make, second, made).from_on == date(2027, 1, 1)
    ticket = make.ticket()
    assert clock(make, ticket, ClockKind.ACCEPTANCE).amount == 240


@pytest.mark.parametrize(
    ("key", "budget", "field"),
    [
        ("resolution.hard", Budget.working_days(121), "amount"),
        ("review", Budget.calendar_days(31), "amount"),
        ("review", Budget.working_days(20), "amount"),
        ("acceptance", Budget.working_minutes(240), None),
    ],
)
def test_a_limit_that_does_not_fit_is_refused(
    key: str, budget: Budget, field: str | None, make: Make, cast: Cast
) -> None:
    with pytest.raises(Invalid) as caught:
        propose(make, cast.wang, key, budget)
    assert caught.value.field == field


def test_a_limit_that_does_not_exist_is_not_found(make: Make, cast: Cast) -> None:
    with pytest.raises(NotFound):
        propose(make, cast.wang, "acceptance.general", Budget.working_days(1))


def test_every_step_of_a_change_is_told_and_logged(make: Make, cast: Cast, second: Person) -> None:
    made = propose(make, cast.wang, "acceptance", Budget.working_minutes(180))
    decide(make, second, made, note="同意")
    told = {
        row.recipient_id: row.title
        for row in make.session.scalars(select(Message).where(Message.kind == "setting_change"))
    }
    assert told[second.id] == "王督提出调整：受理：4个工作小时 → 3个工作小时"
    assert told[cast.wang.id] == "您提出的调整已批准：受理：4个工作小时 → 3个工作小时"
    entries = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [(one.deed, one.actor_id) for one in entries] == [
        ("propose_limit", cast.wang.id),
        ("approve_limit", second.id),
    ]
    assert entries[1].detail["old"] == {"amount": 240, "measure": "working_minutes"}
    assert entries[1].detail["new"] == {"amount": 180, "measure": "working_minutes"}


def changed(key: str, **more: Any) -> LadderRule:
    return replace(RULES[key], **more)


def test_a_changed_step_arms_only_clocks_that_start_from_its_date_on(
    make: Make, cast: Cast, second: Person
) -> None:
    before = make.ticket()
    armed = clock(make, before, ClockKind.ACCEPTANCE).next_fire_at
    off = changed("acceptance.warning", is_on=False)
    change = decide(make, second, propose_step(make, cast.wang, off))
    assert change.payload["words"].endswith("→ 停用")
    after = make.at(shanghai(2026, 12, 1, 9)).ticket(by=cast.sun)
    make.session.expire_all()
    assert clock(make, before, ClockKind.ACCEPTANCE).next_fire_at == armed
    assert clock(make, before, ClockKind.ACCEPTANCE).next_step == "warning:0"
    assert clock(make, after, ClockKind.ACCEPTANCE).next_step == "breach:0"


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (changed("acceptance.breach", is_on=False), "is_on"),
        (changed("acceptance.breach", unit="days", amount=1), "is_on"),
        (changed("acceptance.warning", recipients=()), "recipients"),
        (changed("acceptance.warning", recipients=("holder", "enterprise")), "recipients"),
        (changed("acceptance.warning", amount=0), "amount"),
        (changed("acceptance.warning", amount=-41), "amount"),
        (changed("resolution.escalate_2", amount=1), "amount"),
        (changed("resolution.escalate_1", repeat_every=2), "repeat_every"),
        (changed("resolution.escalate_3", repeat_every=0), "repeat_every"),
    ],
)
def test_a_step_that_does_not_fit_is_refused_at_its_field(
    rule: LadderRule, field: str, make: Make, cast: Cast
) -> None:
    with pytest.raises(Invalid) as caught:
        propose_step(make, cast.wang, rule)
    assert caught.value.field == field


def test_every_step_of_the_first_configuration_fits() -> None:
    rules = RULES.values()
    wrong = [rule for rule in rules if any(unfit(rule, [one for one in rules if one.kind is rule.kind]))]
    assert wrong == []


def test_two_changes_that_do_not_go_together_cannot_both_be_approved(
    make: Make, cast: Cast, second: Person
) -> None:
    third = propose_step(make, cast.wang, changed("resolution.escalate_2", amount=4))
    fifth = propose_step(make, cast.wang, changed("resolution.escalate_3", amount=4, step=Step.ESCALATE_3))
    decide(make, second, third)
    with pytest.raises(Conflict, match="与此后批准的其他调整不合"):
        decide(make, second, fifth)
