"""The hold-and-join rule, the enterprises' cap, what leaders hear, the channels' limits: what goes when, and together."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.channels import ChannelBusy, Letter
from assist.domain.channel_names import OUTWARD
from assist.domain.clock import FixedTime, shanghai
from assist.domain.outward import PLAIN, Sending
from assist.domain.status import DeliveryStatus, Step
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account, Channel, Delivery
from assist.services import delivering, telling
from assist.services.telling import Note
from assist.services.work import Work
from tests.cast import Cast, Person
from tests.engines import TestDatabase

TITLE = "黄牌预警：LC-20261123-0007 首次联系，11:30前，还剩1小时"
URGENT = Sending(is_urgent=True)
GROUP = Sending(may_group=True)
S = DeliveryStatus


class Box:
    """Takes every letter of every channel and keeps it by channel."""

    def __init__(self) -> None:
        self.letters: dict[str, list[Letter]] = {}
        self.busy_for = 0

    def channel(self, name: str) -> "Boxed":
        return Boxed(self, name)


class Boxed:
    def __init__(self, box: Box, name: str) -> None:
        self.box, self.name = box, name

    def send(self, letter: Letter) -> str:
        self.box.letters.setdefault(self.name, []).append(letter)
        if self.box.busy_for:
            raise ChannelBusy("对方限流", self.box.busy_for)
        return f"{self.name}-receipt"

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def deliver_now(database: TestDatabase, time: FixedTime, box: Box) -> Callable[..., dict[str, int]]:
    """A run as of the test's time, by these channels (e-mail unless said otherwise)."""

    def run(*names: str) -> dict[str, int]:
        return deliver.run(
            Context(database.engine, time, {"ASSIST_BASE_URL": "http://assist.test"}),
            {name: box.channel(name) for name in names or ("email",)},
        )

    return run


@pytest.fixture
def told(session: Session, cast: Cast, work: Work, time: FixedTime) -> Callable[..., None]:
    """Every channel is set up; everybody has a mailbox. `told(person, key, …)` writes one message."""
    delivering.publish_channels(work, [name.value for name in OUTWARD])
    session.execute(update(Account).values(email=Account.username + "@example.gov.cn"))
    session.commit()

    def tell(
        person: Person,
        key: str,
        *,
        channels: tuple[str, ...] = ("email",),
        sending: Sending = PLAIN,
        kind: str = "reminder",
        title: str = TITLE,
    ) -> None:
        place = "/tickets/LC-20261123-0007"
        note = Note(person.id, kind, title, key, location=place, channels=channels, sending=sending)
        telling.write(Work(session, time), [note])
        session.commit()

    return tell


Tell = Callable[..., None]
Run = Callable[..., dict[str, int]]


def next_try(session: Session) -> set[datetime]:
    session.rollback()
    return set(session.scalars(select(Delivery.next_try_at).where(Delivery.status != S.SENT)))


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


def test_an_enterprise_hears_from_us_twice_a_day_outside_the_inbox_and_the_third_waits_for_tomorrow(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    began = time.at
    for hour in range(4):
        time.at = began + timedelta(minutes=30 * hour)
        told(cast.chen, f"k{hour}", kind="progress")
        deliver_now()
    assert len(box.letters["email"]) == 2
    assert next_try(session) == {shanghai(2026, 11, 24, 8, 30)}
    time.at = shanghai(2026, 11, 24, 8, 30)
    assert deliver_now()["sent"] == 2
    assert box.letters["email"][2].title == "您有2条消息"


def test_the_two_a_day_are_counted_over_all_channels(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime
) -> None:
    told(cast.chen, "a", kind="progress", channels=("email", "sms"))
    deliver_now("email", "sms")
    time.at += timedelta(hours=1)
    told(cast.chen, "b", kind="progress", channels=("email", "sms"))
    deliver_now("email", "sms")
    assert sum(len(letters) for letters in box.letters.values()) == 2


def test_answers_and_the_confirmation_reminder_always_reach_the_enterprise(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime
) -> None:
    for number, words in enumerate(
        [{"kind": "progress"}, {"kind": "progress"}, {"kind": "answered"}, {"sending": Sending(always=True)}]
    ):
        told(cast.chen, f"k{number}", **words)
        deliver_now()
        time.at += timedelta(minutes=20)
    assert len(box.letters["email"]) == 4


def test_a_leader_hears_outside_the_inbox_of_coordination_the_weekly_digest_and_level_three_only(
    told: Tell, cast: Cast, session: Session
) -> None:
    told(cast.liu, "card", sending=Sending(is_urgent=True, step=Step.BREACH))
    told(cast.liu, "accepted", kind="accepted")
    assert session.scalars(select(Delivery)).all() == []
    told(cast.liu, "level 3", sending=Sending(step=Step.ESCALATE_3))
    told(cast.liu, "asked", kind="escalate")
    told(cast.liu, "week", kind="digest")
    assert len(session.scalars(select(Delivery)).all()) == 3


def test_a_group_hears_of_one_matter_once_whoever_else_is_told(
    told: Tell, deliver_now: Run, box: Box, cast: Cast
) -> None:
    for person in (cast.zhang, cast.qian, cast.wang):
        told(person, "clock:1:1:warning:0", channels=("dingtalk", "feishu"), sending=GROUP)
    assert deliver_now("dingtalk", "feishu")["sent"] == 2
    assert [len(box.letters[name]) for name in ("dingtalk", "feishu")] == [1, 1]
    assert box.letters["dingtalk"][0].mention == cast.zhang.phone


def test_what_is_not_for_a_group_is_not_said_before_one(told: Tell, cast: Cast, session: Session) -> None:
    told(cast.chen, "asked kindly", channels=("wecom", "email"))
    assert session.scalars(select(Delivery.channel)).all() == ["email"]


def test_a_robot_is_given_twenty_a_minute_and_the_rest_waits(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, session: Session
) -> None:
    for number in range(25):
        told(cast.zhang, f"k{number}", channels=("wecom",), sending=Sending(is_urgent=True, may_group=True))
    assert deliver_now("wecom")["sent"] == 20
    assert deliver_now("wecom")["sent"] == 0
    minute_ago = Delivery.tried_at.is_not(None)
    session.rollback()
    for row in session.scalars(select(Delivery).where(minute_ago)):
        assert row.tried_at is not None
        row.tried_at -= timedelta(seconds=61)
    session.commit()
    assert deliver_now("wecom")["sent"] == 5
    assert len({letter.key for letter in box.letters["wecom"]}) == 25


def test_when_the_other_side_asks_for_silence_it_is_left_alone_for_that_long(
    told: Tell, deliver_now: Run, box: Box, cast: Cast, time: FixedTime, session: Session
) -> None:
    for number in range(3):
        told(cast.zhang, f"k{number}", channels=("sms",), sending=URGENT)
    box.busy_for = 600
    assert deliver_now("sms") == {"sent": 0, "failed": 1, "dead": 0}
    assert next_try(session) == {time.at, time.at + timedelta(minutes=10)}
    box.busy_for = 0
    assert deliver_now("sms") == {"sent": 0, "failed": 0, "dead": 0}
    session.execute(update(Channel).values(blocked_until=None))
    session.commit()
    assert deliver_now("sms")["sent"] == 2
    channel = session.scalars(select(Channel).where(Channel.name == "sms")).one()
    assert (channel.sent_count, channel.failed_count, channel.last_error) == (2, 1, "对方限流")


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
