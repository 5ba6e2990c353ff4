"""Who hears how much outside the inbox: the enterprises' two a day, the leaders' three matters, groups, limits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.outward import Sending
from assist.domain.status import Step
from assist.models import Channel, Delivery
from tests.cast import Cast
from tests.outward import GROUP, URGENT, Box, Run, Tell, next_try


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
    always: dict[str, Any] = {"sending": Sending(always=True)}
    for number, words in enumerate(
        [{"kind": "progress"}, {"kind": "progress"}, {"kind": "answered"}, always]
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
