"""包联台账 goes in whole, twice without effect, not at all while it has faults; each is named at its cell."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Role
from assist.domain.status import Status
from assist.domain.transitions import Action
from assist.models import (
    Account,
    AuditEntry,
    Enterprise,
    EnterpriseContact,
    Message,
    Pairing,
    TicketEvent,
    Unit,
    WorkGroup,
)
from assist.models.engine import begin_writing
from assist.services import passwords
from assist.services.imports import first_passwords, roster
from assist.services.imports.roster import RosterOutcome
from assist.services.work import Work
from assist.services.workbooks.problem import WorkbookProblem
from config import PROJECT
from tests.cast import Cast
from tests.make import Make
from tests.sheets import ROSTER, edited, small_roster

TABLES = (Enterprise, Account, EnterpriseContact, Pairing, Unit, WorkGroup, Message, AuditEntry)


def counts(session: Session) -> dict[str, int]:
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES
    }


def take_in(work: Work, source: Path | bytes) -> RosterOutcome:
    begin_writing(work.session)
    outcome = roster.take_over(work, roster.check(work, source))
    work.session.commit()
    return outcome


def test_the_roster_of_two_hundred_goes_in_whole(work: Work) -> None:
    outcome = take_in(work, ROSTER)
    assert (outcome.enterprises_new, outcome.officers_new, outcome.contacts_new) == (200, 200, 200)
    assert (outcome.pairings_new, outcome.groups_new) == (200, 24)
    found = counts(work.session)
    assert (found["enterprise"], found["pairing"], found["account"]) == (200, 200, 400)
    first = work.session.scalars(
        select(Enterprise).where(Enterprise.credit_code == "91371502MA364WF9YH")
    ).one()
    assert (first.name, first.area.name, first.leader_name) == (
        "聊城中正精细化工有限公司",
        "东昌府区",
        "葛海少",
    )
    assert first.group_names == "施军、苗长红"
    assert first.initials.startswith("lczz")
    officer = work.session.scalars(select(Account).where(Account.phone == "19906350000")).one()
    assert (officer.username, officer.name, officer.roles) == (
        "19906350000",
        "何芳",
        frozenset({Role.OFFICER}),
    )
    assert officer.unit is not None
    assert (officer.unit.short_name, officer.position) == ("市税务局", "副科长")


def test_importing_the_same_roster_twice_changes_nothing(work: Work, time: FixedTime) -> None:
    take_in(work, ROSTER)
    before = counts(work.session)
    time.at = shanghai(2026, 11, 24, 9)
    outcome = take_in(Work(work.session, time), ROSTER)
    assert outcome.is_nothing
    assert outcome.enterprises_unchanged == 200
    assert "没有变化" in outcome.sentence()
    assert counts(work.session) == before


def test_everybody_new_can_be_given_one_first_password_and_only_one(work: Work) -> None:
    take_in(work, ROSTER)
    assert first_passwords.count(work) == 400
    secret = passwords.one_time()
    lines = first_passwords.hand_out(work, [secret] * 400)
    work.session.commit()
    assert len(lines) == 400
    assert first_passwords.count(work) == 0
    officer = work.session.scalars(select(Account).where(Account.phone == "19906350000")).one()
    assert passwords.matches(officer.password_hash, secret.plain)
    assert officer.must_change
    last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert last.deed == "hand_out_passwords"
    assert secret.plain not in str(last.detail)


def test_an_account_without_a_password_lets_nobody_in(work: Work) -> None:
    take_in(work, small_roster())
    held = work.session.scalars(select(Account).limit(1)).one()
    assert not passwords.matches(held.password_hash, "")
    assert not passwords.matches(held.password_hash, "Yuanhang-2026")


def test_a_changed_officer_ends_the_old_pairing_and_takes_the_open_tickets(
    work: Work, cast: Cast, make: Make, time: FixedTime
) -> None:
    ticket = make.ticket(enterprise=cast.jia)
    work = Work(work.session, time)
    sheet = edited(
        small_roster(), 4, 企业名称="聊城甲制造有限公司", 统一社会信用代码="91371500MA00000010", 服务专员="新人",
        专员电话="19906351999", 企业联系人="陈桂芳", 联系人电话=cast.chen.phone,
    )  # fmt: skip
    others = work.session.scalars(select(Account).where(Account.username.in_(["zhang", "li", "sun"])))
    for number, other in enumerate(others):  # their phones stand in the sample too
        other.phone = f"1990636999{number}"
    work.session.commit()
    outcome = take_in(work, sheet)
    assert (outcome.pairings_changed, outcome.pairings_new, outcome.tickets_passed) == (
        1,
        outcome.enterprises_new,
        1,
    )
    work.session.refresh(ticket)
    new = work.session.scalars(select(Account).where(Account.phone == "19906351999")).one()
    assert ticket.owner_id == new.id
    event = work.session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Action.REASSIGN)
    ).one()
    assert event.fields["owner_id"] == [cast.zhang.id, new.id]
    pairings = work.session.scalars(
        select(Pairing).where(Pairing.enterprise_id == cast.jia).order_by(Pairing.id)
    )
    assert [(one.officer_id, one.ended_at is None) for one in pairings] == [
        (cast.zhang.id, False),
        (new.id, True),
    ]
    assert ticket.status is Status.SUBMITTED


def test_a_changed_contact_takes_the_place_of_the_one_before(work: Work, time: FixedTime) -> None:
    take_in(work, small_roster())
    outcome = take_in(
        Work(work.session, time), edited(small_roster(), 4, 企业联系人="钱新", 联系人电话="19906361999")
    )
    assert (outcome.enterprises_changed, outcome.contacts_new) == (1, 1)
    rows = work.session.execute(
        select(Account.name)
        .join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
        .join(Enterprise, Enterprise.id == EnterpriseContact.enterprise_id)
        .where(Enterprise.credit_code == "91371502MA364WF9YH")
    )
    assert list(rows.scalars()) == ["钱新"]


def test_a_contact_with_a_new_number_stays_the_same_person(work: Work, time: FixedTime) -> None:
    take_in(work, small_roster())
    outcome = take_in(Work(work.session, time), edited(small_roster(), 4, 联系人电话="19906361999"))
    assert (outcome.enterprises_changed, outcome.contacts_new) == (1, 0)
    held = work.session.scalars(select(Account).where(Account.phone == "19906361999")).one()
    assert (held.name, held.username) == ("钱光明", "19906361999")
    assert take_in(Work(work.session, time), edited(small_roster(), 4, 联系人电话="19906361999")).is_nothing


def test_what_a_sheet_leaves_empty_is_left_as_it_is(work: Work, time: FixedTime) -> None:
    take_in(work, small_roster())
    assert take_in(
        Work(work.session, time), edited(small_roster(), 4, 产业链="", 牵头领导="", 职务="")
    ).is_nothing


def test_the_database_itself_refuses_a_second_active_officer(
    session: Session, cast: Cast, time: FixedTime
) -> None:
    session.add(Pairing(enterprise_id=cast.jia, officer_id=cast.wu.id, started_at=time.at))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_area_coordinator_brings_in_his_own_area_only(work: Work, cast: Cast, time: FixedTime) -> None:
    checked = roster.check(Work(work.session, time, cast.qian.actor), ROSTER)
    assert {row.area_code for row in checked.check.rows} == {"371502"}
    elsewhere = [fault for fault in checked.check.faults if "不在您负责的范围内" in fault.why]
    assert len(elsewhere) > 150
    assert {fault.column for fault in elsewhere} == {"县（市、区）开发区"}


def test_an_officer_of_the_sheet_who_is_a_supervisor_is_a_fault(
    work: Work, cast: Cast, time: FixedTime
) -> None:
    sheet = edited(small_roster(), 4, 服务专员="王督", 专员电话=cast.wang.phone)
    found = roster.check(Work(work.session, time), sheet).check
    why = {fault.column: fault.why for fault in found.faults if fault.row == 4}
    assert "不能兼任服务专员" in why["服务专员"]


def test_a_phone_that_is_somebody_elses_login_is_a_fault(work: Work, cast: Cast, time: FixedTime) -> None:
    held = work.session.get(Account, cast.liu.id)
    assert held is not None
    held.phone = "19906369999"
    found = roster.check(Work(work.session, time), edited(small_roster(), 4, 联系人电话="19906369999")).check
    assert [(fault.row, fault.column) for fault in found.faults if fault.row == 4] == [(4, "联系人电话")]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(work: Work, content: bytes) -> None:
    with pytest.raises(WorkbookProblem):
        roster.check(work, content)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.orm import Session
from assist import create_app
from assist.models import Pairing

@event.listens_for(Session, "after_flush")
def die(session, context):
    if any(isinstance(row, Pairing) for row in session.new):
        os.kill(os.getpid(), signal.SIGKILL)

app = create_app({"DATABASE_URL": sys.argv[1]})
app.test_cli_runner().invoke(args=["roster", "import", sys.argv[2]])
"""


def test_an_import_killed_in_the_middle_leaves_nothing_half(
    database_url: str, session: Session, time: FixedTime
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, str(ROSTER)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert set(counts(session).values()) == {0}
    assert take_in(Work(session, time), ROSTER).enterprises_new == 200
