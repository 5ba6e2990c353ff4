"""Every kind of message there is, by every channel there is, read as the other side reads it.

A whole small world is made with every channel set up. No word of a problem leaves the house by any channel, so that
neither a robot nor an SMS can hold it together with an enterprise's name.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import Engine, create_engine, func, or_, select, update
from sqlalchemy.orm import Session

from assist.channels import make
from assist.channels.email import EmailChannel
from assist.demo import world
from assist.demo.plan import Plan
from assist.domain.channel_names import GROUPS, OUTWARD
from assist.domain.clock import FixedTime, shanghai
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.jobs.letters import letter
from assist.models import Account, Channel, Delivery, Message, Ticket
from assist.models.engine import tune
from assist.services import delivering, settings
from assist.services.delivering import Item, Parcel
from assist.services.work import Work
from tests.engines import fill
from tests.gateway import Gateway, Reply
from tests.unit.test_channels import VALUES

UNTIL = shanghai(2026, 11, 23)
LONGEST = 8  # so many characters of a problem in a row are its words
CONFIG = {"ASSIST_BASE_URL": "https://zqyh.example.gov.cn", "ASSIST_SECRETS_KEY": "for tests"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A world whose offices had every channel from the first day on."""
    settings.forget()
    made = create_engine(f"sqlite:///{tmp_path_factory.mktemp('world') / 'world.db'}")
    tune(made)
    fill(made)
    with Session(made, expire_on_commit=False) as session:
        delivering.publish_channels(Work(session, FixedTime(UNTIL)), [name.value for name in OUTWARD])
        session.commit()
        world.load(session, Plan(until=UNTIL, enterprises=6, tickets=40, span=timedelta(days=60)))
    yield made
    made.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Session]:
    settings.forget()
    with Session(engine) as session:
        yield session


class Reader:
    """Who reads what leaves the house and knows every problem."""

    def __init__(self, session: Session) -> None:
        said = session.execute(select(Ticket.title, Ticket.description)).all()
        self.words = {
            text[start : start + LONGEST]
            for row in said
            for text in row
            for start in range(max(len(text) - LONGEST + 1, 1))
        }

    def finds_words(self, text: str) -> str:
        """Some words of a problem in a text; empty when there are none."""
        pieces = (text[start : start + LONGEST] for start in range(len(text)))
        return next((piece for piece in pieces if len(piece) == LONGEST and piece in self.words), "")

    def check(self, text: str) -> None:
        """A number and an enterprise's name may be said, what its problem is may not."""
        assert not (found := self.finds_words(text)), f"words of a problem: {found!r} in {text!r}"


def wire(name: str, sent: str) -> str:
    """What stood in a request, as a person would read it."""
    return unquote_plus(sent) if name == "sms" else json.dumps(json.loads(sent), ensure_ascii=False)


def test_every_kind_by_every_channel_says_no_word_of_any_problem(city: Session, gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body='{"code":0,"errcode":0}')
    reader = Reader(city)
    channels = {name: make(name, {"url": gateway.url, **VALUES[name]}) for name in VALUES}
    mail = EmailChannel("smtp://mail.example.gov.cn", "zqyh@example.gov.cn")
    kinds: set[str] = set()
    of_each = select(func.min(Message.id)), select(func.max(Message.id))
    sample = or_(*(Message.id.in_(one.group_by(Message.kind, Message.tone)) for one in of_each))
    for message in city.scalars(select(Message).where(sample)):
        item = Item(message.kind, message.title, message.tone, message.location)
        parcel = Parcel((1,), "x", UNTIL, 1, 0, "k" * 32, "13800000000", "13800000000", (item,), message.at)
        made = letter(CONFIG, parcel)
        for name, channel in channels.items():
            channel.send(made)
            reader.check(wire(name, gateway.received[-1].body.decode()))
        mailed = mail.compose(replace(made, address="zhang@example.gov.cn"))
        reader.check(f"{mailed['Subject']}\n{mailed.get_content()}")
        kinds.add(message.kind)
    assert {"reminder", "answered", "submitted", "progress", "comment", "confirm", "vacancy"} <= kinds
    assert all("http" not in unquote_plus(one.body.decode()) for one in gateway.received if b"mobile=" in one.body)


def test_what_was_routed_in_half_a_year_says_none_either(
    city: Session, gateway: Gateway, engine: Engine
) -> None:
    gateway.answer = lambda received: Reply(body='{"code":0,"errcode":0}')
    city.execute(update(Account).where(Account.phone == "").values(phone="13800000000"))
    city.commit()
    reader = Reader(city)
    channels = {name: make(name, {"url": f"{gateway.url}/{name}", **VALUES[name]}) for name in VALUES}
    context = Context(engine, FixedTime(shanghai(2026, 11, 23, 9, 0)), CONFIG)
    deliver.run(context, channels)
    by_channel: dict[str, int] = {}
    for one in gateway.received:
        name = one.path[1:].partition("?")[0].partition("/")[0]
        reader.check(wire(name, one.body.decode()))
        by_channel[name] = by_channel.get(name, 0) + 1
    assert set(by_channel) == set(VALUES)
    city.rollback()
    assert {row.name for row in city.scalars(select(Channel)) if row.last_success_at} == set(VALUES)
    groups = city.execute(
        select(Delivery.channel, Delivery.dedupe_key, func.count())
        .where(Delivery.channel.in_(GROUPS))
        .group_by(Delivery.channel, Delivery.dedupe_key)
    ).all()
    assert groups
    assert {row[2] for row in groups} == {1}
