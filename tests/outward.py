"""What tests of messages beside the inbox ask for: every channel set up, one message written, one run. A plugin."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.channels import ChannelBusy, Letter
from assist.domain.channel_names import OUTWARD
from assist.domain.clock import FixedTime
from assist.domain.outward import PLAIN, Sending
from assist.domain.status import DeliveryStatus
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account, Delivery
from assist.services import delivering, telling
from assist.services.telling import Note
from assist.services.work import Work
from tests.cast import Cast, Person
from tests.engines import TestDatabase

TITLE = "黄牌预警：LC-20261123-0007 首次联系，11:30前，还剩1小时"
URGENT = Sending(is_urgent=True)
GROUP = Sending(may_group=True)
Tell = Callable[..., None]
Run = Callable[..., dict[str, int]]


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


def next_try(session: Session) -> set[datetime]:
    """When what is not sent yet is tried next."""
    session.rollback()
    return set(session.scalars(select(Delivery.next_try_at).where(Delivery.status != DeliveryStatus.SENT)))
