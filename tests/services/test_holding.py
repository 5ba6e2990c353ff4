"""The hold-and-join rule: what is held goes as one, in office hours, five minutes apart; red cards do not wait."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import DeliveryStatus as S
from assist.models import Channel, Delivery
from assist.services import delivering
from assist.services.work import Work
from tests.cast import Cast
from tests.outward import TITLE, URGENT, Box, Run, Tell, next_try


def test_outside_office_hours_what_is_held_waits_and_goes_as_one_in_the_morning(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    time.at = shanghai(2026, 11, 23, 18, 0)
    for number in range(3):
        told(cast.zhang, f"k{number}")
    assert deliver_now() == {"sent": 0, "failed": 0, "dead": 0}
    assert next_try(session) == {shanghai(2026, 11, 24, 8, 30)}
    time.at = shanghai(2026, 11, 24, 8, 30)
    assert deliver_now()["sent"] == 3
    (letter,) = box.letters["email"]
    assert letter.title == "您有3条消息"
    assert letter.text.count(TITLE) == 3
    session.rollback()
    assert session.scalars(select(Delivery.receipt).distinct()).all() == ["email-receipt"]


def test_over_the_noon_break_it_waits_too(
    told: Tell, deliver_now: Run, cast: Cast, time: FixedTime, session: Session
) -> None:
    time.at = shanghai(2026, 11, 23, 12, 30)
    told(cast.zhang, "k")
    deliver_now()
    assert next_try(session) == {shanghai(2026, 11, 23, 14, 0)}


def test_over_spring_festival_it_waits_for_the_first_working_day(
    told: Tell, deliver_now: Run, cast: Cast, time: FixedTime, session: Session
) -> None:
    time.at = shanghai(2026, 2, 15, 10, 0)
    told(cast.zhang, "k")
    deliver_now()
    assert next_try(session) == {shanghai(2026, 2, 24, 8, 30)}


def test_a_red_card_and_a_pressing_matter_are_not_held_at_any_hour(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime
) -> None:
    time.at = shanghai(2026, 11, 22, 3, 0)
    told(cast.zhang, "red", sending=URGENT)
    told(cast.zhang, "pressing", sending=URGENT)
    assert deliver_now()["sent"] == 2
    assert [letter.title for letter in box.letters["email"]] == [TITLE, TITLE]


def test_within_five_minutes_of_the_last_to_that_person_it_waits_and_goes_as_one(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    told(cast.zhang, "first")
    assert deliver_now()["sent"] == 1
    began = time.at
    for minute in (1, 3):
        time.at = began + timedelta(minutes=minute)
        told(cast.zhang, f"after {minute}")
        assert deliver_now()["sent"] == 0
    assert next_try(session) == {began + timedelta(minutes=5)}
    told(cast.li, "another person's")
    assert deliver_now()["sent"] == 1
    time.at = began + timedelta(minutes=5)
    assert deliver_now()["sent"] == 2
    assert [letter.title for letter in box.letters["email"]] == [TITLE, TITLE, "您有2条消息"]


def test_after_a_red_card_what_is_held_waits_its_five_minutes(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    told(cast.zhang, "held")
    told(cast.zhang, "red", sending=URGENT)
    assert deliver_now()["sent"] == 1
    assert next_try(session) == {time.at + timedelta(minutes=5)}


def test_by_another_channel_the_same_person_is_told_without_waiting(
    told: Tell, deliver_now: Run, box: Box, cast: Cast
) -> None:
    told(cast.zhang, "mail")
    told(cast.zhang, "sms", channels=("sms",))
    assert deliver_now("email", "sms")["sent"] == 2
    assert box.letters["sms"][0].address == cast.zhang.phone


def test_what_went_together_goes_together_again_under_the_same_key(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    told(cast.zhang, "a")
    told(cast.zhang, "b")
    box.busy_for = 1
    deliver_now()
    box.busy_for = 0
    session.execute(update(Channel).values(blocked_until=None))
    session.commit()
    time.at += timedelta(minutes=1)
    told(cast.zhang, "c")
    deliver_now()
    first, again = box.letters["email"][:2]
    assert (again.key, again.text) == (first.key, first.text)
    session.rollback()
    assert {row.status for row in session.scalars(select(Delivery).where(Delivery.dedupe_key.like("c:%")))} == {
        S.PENDING
    }


def test_a_dead_one_takes_with_it_what_went_together_when_it_is_sent_again(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    told(cast.zhang, "a")
    told(cast.zhang, "b")
    deliver_now()
    session.execute(update(Delivery).values(status=S.DEAD, sent_at=None, attempt_count=6))
    session.commit()
    time.at = shanghai(2026, 11, 23, 20, 0)  # a person asks: it is not held
    delivering.again(Work(session, time, cast.wang.actor), session.scalars(select(Delivery.id)).first() or 0)
    session.commit()
    assert deliver_now()["sent"] == 2
    assert box.letters["email"][0].key == box.letters["email"][1].key
