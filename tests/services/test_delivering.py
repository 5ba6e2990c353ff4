"""Deliveries: at least once, by leases, apart from whatever caused them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.channels import ChannelDown, Letter, NotSent
from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict
from assist.domain.outward import Sending
from assist.domain.status import DeliveryStatus
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account, AuditEntry, Channel, Delivery, Message
from assist.models.engine import begin_writing
from assist.services import delivering, settings, telling
from assist.services.database_time import database_time
from assist.services.queries.deliveries import count, stuck
from assist.services.telling import Note
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase

S = DeliveryStatus
TITLE = "黄牌预警：LC-20261123-0007 首次联系，11:30前，还剩1小时"


class FakeChannel:
    """Takes every letter, or says why not."""

    def __init__(self, refusal: NotSent | None = None) -> None:
        self.refusal = refusal
        self.letters: list[Letter] = []
        self.is_closed = False

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if self.refusal:
            raise self.refusal
        return "receipt"

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def job(database: TestDatabase, time: FixedTime) -> Context:
    return Context(database.engine, time, {"ASSIST_BASE_URL": "http://assist.test"})


@pytest.fixture
def mailed(session: Session, cast: Cast, work: Work) -> Session:
    """E-mail is configured and the officer 张 has an address."""
    delivering.publish_channels(work, ["email"])
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    session.commit()
    return session


def tell(session: Session, time: FixedTime, person: int, key: str = "k", body: str = "内情") -> None:
    """A red card: it is not held (what is: test_holding)."""
    place = "/tickets/LC-20261123-0007"
    note = Note(person, "reminder", TITLE, key, body, location=place, sending=Sending(is_urgent=True))
    telling.write(Work(session, time), [note])
    session.commit()


def only(session: Session) -> Delivery:
    session.rollback()
    return session.scalars(select(Delivery)).one()


def test_who_has_an_address_gets_a_delivery_beside_the_inbox(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    tell(mailed, time, cast.zhang.id)
    tell(mailed, time, cast.li.id)
    assert [row.address for row in mailed.scalars(select(Delivery))] == ["zhang@example.gov.cn"]
    assert mailed.scalar(select(func.count()).select_from(Message)) == 2


def test_who_wants_the_inbox_only_gets_nothing_else_but_red_cards(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    mailed.execute(update(Account).where(Account.id == cast.zhang.id).values(inbox_only=True))
    telling.write(Work(mailed, time), [Note(cast.zhang.id, "reminder", TITLE, "quiet")])
    assert mailed.scalar(select(func.count()).select_from(Delivery)) == 0
    tell(mailed, time, cast.zhang.id)
    assert mailed.scalar(select(func.count()).select_from(Delivery)) == 1


def test_told_twice_it_is_delivered_once(mailed: Session, cast: Cast, time: FixedTime) -> None:
    tell(mailed, time, cast.zhang.id)
    tell(mailed, time, cast.zhang.id)
    assert mailed.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_letter_carries_title_and_link_but_never_the_words_of_the_problem(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    tell(mailed, time, cast.zhang.id, body="甲企业：污水管网未接通")
    channel = FakeChannel()
    assert deliver.run(job, {"email": channel}) == {"sent": 1, "failed": 0, "dead": 0}
    letter = channel.letters[0]
    assert (letter.address, letter.title) == ("zhang@example.gov.cn", TITLE)
    assert "http://assist.test/tickets/LC-20261123-0007" in letter.text
    assert "污水" not in letter.text
    assert channel.is_closed
    row = only(mailed)
    assert (row.status, row.sent_at, row.attempt_count) == (S.SENT, time.at, 1)


def test_delivered_again_nothing_goes_out_twice(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    tell(mailed, time, cast.zhang.id)
    channel = FakeChannel()
    deliver.run(job, {"email": channel})
    deliver.run(job, {"email": channel})
    assert len(channel.letters) == 1


def test_a_refused_one_is_tried_again_later_and_later_and_then_is_dead(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    tell(mailed, time, cast.zhang.id)
    channel = FakeChannel(NotSent("邮件服务器拒收"))
    waits = []
    for _ in delivering.RETRIES:
        assert deliver.run(job, {"email": channel})["failed"] == 1
        row = only(mailed)
        assert row.status is S.FAILED
        waits.append(row.next_try_at - time.at)
        time.at = row.next_try_at - timedelta(seconds=1)
        assert deliver.run(job, {"email": channel})["failed"] == 0
        time.at = row.next_try_at
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
    assert deliver.run(job, {"email": channel})["dead"] == 1
    assert only(mailed).status is S.DEAD
    assert len({letter.key for letter in channel.letters}) == 1
    assert len(channel.letters) == 6


def test_what_is_dead_or_failing_is_said_with_the_reason(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    assert count(mailed, time.at) == 0
    tell(mailed, time, cast.zhang.id)
    deliver.run(job, {"email": FakeChannel(NotSent("邮件服务器拒收：550 no such user"))})
    assert count(mailed, time.at) == 1
    shown = stuck(mailed, time.at)[0]
    assert (shown.recipient_name, shown.address) == ("张建华", "zhang@example.gov.cn")
    assert shown.error == "邮件服务器拒收：550 no such user"


def test_what_should_have_gone_a_while_ago_is_late_and_what_is_held_is_not(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    tell(mailed, time, cast.zhang.id)
    began = time.at
    assert count(mailed, began + timedelta(minutes=14)) == 0
    late = stuck(mailed, began + timedelta(minutes=16))
    assert [(row.is_late, row.is_again) for row in late] == [(True, True)]
    mailed.execute(update(Delivery).values(next_try_at=began + timedelta(hours=12)))
    assert count(mailed, began + timedelta(hours=2)) == 0


def test_a_dead_one_is_sent_again_by_a_person_and_that_is_logged(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    tell(mailed, time, cast.zhang.id)
    mailed.execute(update(Delivery).values(status=S.DEAD, attempt_count=6, error="550"))
    mailed.commit()
    delivering.again(Work(mailed, time, cast.wang.actor), only(mailed).id)
    mailed.commit()
    assert deliver.run(job, {"email": FakeChannel()})["sent"] == 1
    assert mailed.scalars(select(AuditEntry.deed)).all() == ["resend"]
    with pytest.raises(Conflict):
        delivering.again(Work(mailed, time, cast.wang.actor), only(mailed).id)


def test_when_the_server_is_down_the_others_wait_without_losing_an_attempt(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    for number in range(3):
        tell(mailed, time, cast.zhang.id, key=f"k{number}")
    down = FakeChannel(ChannelDown("连接不上邮件服务器"))
    assert deliver.run(job, {"email": down}) == {"sent": 0, "failed": 1, "dead": 0}
    assert len(down.letters) == 1
    up = FakeChannel()
    assert deliver.run(job, {"email": up}) == {"sent": 0, "failed": 0, "dead": 0}  # left alone for half a minute
    mailed.execute(update(Channel).values(blocked_until=None))
    mailed.commit()
    assert deliver.run(job, {"email": up}) == {"sent": 2, "failed": 0, "dead": 0}
    mailed.rollback()
    assert sorted(mailed.scalars(select(Delivery.attempt_count))) == [1, 1, 1]


def test_a_fault_of_a_channel_does_not_hold_up_the_others(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    class Faulty(FakeChannel):
        def send(self, letter: Letter) -> str:
            if not self.letters:
                self.letters.append(letter)
                raise RuntimeError("unforeseen")
            return super().send(letter)

    for number in range(2):
        tell(mailed, time, cast.zhang.id, key=f"k{number}")
    assert deliver.run(job, {"email": Faulty()}) == {"sent": 1, "failed": 1, "dead": 0}


def test_an_unplugged_channel_is_a_failure_that_is_seen(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    tell(mailed, time, cast.zhang.id)
    assert deliver.run(job, {})["failed"] == 1
    assert "没有配置" in stuck(mailed, time.at)[0].error


def test_the_run_publishes_which_channels_there_are(mailed: Session, time: FixedTime, job: Context) -> None:
    deliver.run(job, {})
    mailed.expire_all()
    assert settings.current(mailed).channels == ()
    mailed.rollback()
    deliver.run(job, {"email": FakeChannel()})
    assert settings.current(mailed).channels == ("email",)


def claim(session: Session, time: FixedTime, limit: int = 20) -> list[delivering.Parcel]:
    begin_writing(session)
    found = delivering.claim(Work(session, time), "email", limit)
    session.commit()
    return found


def test_a_claimed_one_is_not_claimed_again_while_its_lease_lasts(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    tell(mailed, time, cast.zhang.id)
    assert len(claim(mailed, time)) == 1
    time.at += timedelta(days=1)  # business time moves no lease
    assert claim(mailed, time) == []


def test_a_lease_that_has_run_out_is_taken_over_and_the_first_sender_settles_nothing(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    tell(mailed, time, cast.zhang.id)
    first = claim(mailed, time)[0]
    mailed.execute(update(Delivery).values(leased_until=database_time(mailed) - timedelta(seconds=1)))
    mailed.commit()
    second = claim(mailed, time)[0]
    assert (second.attempt, second.key) == (1, first.key)
    assert delivering.sent(Work(mailed, time), first) == 0
    assert delivering.sent(Work(mailed, time), second) == 1
    mailed.commit()
    assert only(mailed).status is S.SENT


def test_one_whose_senders_always_die_is_dead_in_the_end(
    mailed: Session, cast: Cast, time: FixedTime
) -> None:
    tell(mailed, time, cast.zhang.id)
    for _ in range(delivering.MOST_INTERRUPTIONS + 1):
        assert len(claim(mailed, time)) == 1
        mailed.execute(update(Delivery).values(leased_until=database_time(mailed) - timedelta(seconds=1)))
        mailed.commit()
    assert claim(mailed, time) == []
    assert only(mailed).status is S.DEAD
    assert only(mailed).error == "多次发送均被中断。"


def test_when_the_process_ends_what_was_not_tried_is_given_back(
    mailed: Session, cast: Cast, time: FixedTime, job: Context
) -> None:
    for number in range(3):
        tell(mailed, time, cast.zhang.id, key=f"k{number}")
    channel = FakeChannel()
    stopping = Context(job.engine, time, job.config, lambda: bool(channel.letters))
    assert deliver.run(stopping, {"email": channel})["sent"] == 1
    mailed.expire_all()
    left = mailed.scalars(select(Delivery).where(Delivery.status != S.SENT)).all()
    assert [(row.status, row.attempt_count) for row in left] == [(S.PENDING, 0), (S.PENDING, 0)]
