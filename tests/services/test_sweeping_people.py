"""Whom a reminder is told to, and how: cards for the case side, kind words for the enterprise, red for nobody."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Rating, RatingReason, Result
from assist.models import (
    Account,
    Delivery,
    Message,
    Pairing,
    Setting,
)
from assist.services import conversing, settings
from tests.cast import Cast, account
from tests.make import Make
from tests.reminders import Sweep, ledger, of_kind, reminders


def test_a_breach_is_told_to_the_owner_and_to_the_coordinators_of_the_area(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert of_kind(session, ticket, ClockKind.CONTACT) == {
        ("warning", str(cast.zhang.id)),
        ("breach", str(cast.zhang.id)),
        ("breach", str(cast.qian.id)),
    }
    assert reminders(session, cast.qian.id)[0].title == f"红牌超期：{ticket.number} 首次联系，超期1分钟"
    assert reminders(session, cast.qian.id)[0].tone == "late"


def test_an_area_without_coordinators_is_told_to_the_city(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket(enterprise=cast.yi)
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert ("breach", str(cast.zhao.id)) in of_kind(session, ticket, ClockKind.CONTACT)


def test_an_escalation_is_told_to_the_city_and_the_supervisors(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 11, 31))
    sweep(shanghai(2026, 11, 24, 11, 31))
    assert {key for step, key in of_kind(session, ticket, ClockKind.CONTACT) if step == "escalate_1"} == {
        str(cast.zhang.id),
        str(cast.zhao.id),
        str(cast.wang.id),
    }


def test_what_the_enterprise_owes_is_asked_of_its_contacts_without_a_card(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充环评批复。")
    sweep(shanghai(2026, 11, 27, 17, 30))
    assert of_kind(session, ticket, ClockKind.SUPPLEMENT) == {("warning", str(cast.chen.id))}
    told = reminders(session, cast.chen.id)
    assert [message.tone for message in told] == ["soon"]
    assert "牌" not in told[0].title
    assert told[0].title == f"请您补充材料：诉求 {ticket.number}，还剩1个工作日"


def test_the_enterprise_is_asked_once_to_confirm_an_answer_it_has_read(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.answered()
    make.act(cast.chen, ticket, conversing.answer_opened)
    sweep(shanghai(2026, 11, 26, 17, 30))
    sweep(shanghai(2026, 12, 1, 9, 0))
    assert of_kind(session, ticket, ClockKind.CONFIRMATION) == {("warning", str(cast.chen.id))}
    assert reminders(session, cast.chen.id)[0].title.startswith(f"请您确认：诉求 {ticket.number} 已答复")


def test_without_an_owner_the_supervisors_are_told_in_red(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    session.execute(
        update(Pairing).where(Pairing.enterprise_id == cast.jia).values(ended_at=shanghai(2026, 11, 20, 9))
    )
    session.commit()
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, str(cast.wang.id))}
    told = reminders(session, cast.wang.id)[0]
    assert told.tone == "late"
    assert told.title.startswith("无人可提醒，请督查员处置。黄牌预警：")
    assert "应提醒的人均不在岗" in told.body


def test_an_inactive_account_is_nobody(make: Make, cast: Cast, sweep: Sweep, session: Session) -> None:
    ticket = make.ticket()
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(is_active=False))
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, str(cast.wang.id))}


def test_when_not_even_a_supervisor_is_left_the_ledger_says_so(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    session.execute(
        update(Account).where(Account.id.in_([cast.zhang.id, cast.wang.id])).values(is_active=False)
    )
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, "nobody")}


def test_a_restricted_matter_is_told_to_its_person_and_the_supervisors_alone(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    named = account(session, "named", "纪检专人", Role.SUPERVISOR)
    session.execute(update(Setting).where(Setting.name == "restricted_owner_id").values(value=named.id))
    settings.changed(session)
    session.commit()
    code = next(
        entry.code for entry in settings.current(session).leaves(restricted=True) if entry.is_restricted
    )
    ticket = make.ticket(category=code)
    assert ticket.owner_id == named.id
    sweep(shanghai(2026, 12, 9, 17, 30))
    told = {int(key) for *_, key in ledger(session, ticket) if key.isdigit()}
    assert told == {named.id, cast.wang.id}


def test_reminders_go_by_mail_only_when_mail_is_configured(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    session.commit()
    make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    session.execute(update(Setting).where(Setting.name == "channels").values(value=["email"]))
    settings.changed(session)
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert [row.address for row in session.scalars(select(Delivery))] == ["zhang@example.gov.cn"]


def test_a_title_never_names_the_enterprise(make: Make, cast: Cast, sweep: Sweep, session: Session) -> None:
    make.ticket()
    sweep(shanghai(2026, 12, 9, 9, 0))
    titles = session.scalars(select(Message.title).where(Message.kind == "reminder")).all()
    assert titles
    assert not [title for title in titles if "甲企业" in title or "甲制造" in title or "消防" in title]


def test_a_callback_is_reminded_of_although_the_ticket_is_closed(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,), result=Result.PARTLY)
    sweep(shanghai(2026, 11, 27, 17, 30))
    assert of_kind(session, ticket, ClockKind.CALLBACK) == {("warning", str(cast.wang.id))}
