"""The channels by which messages leave the house, one small file each, and how each is made from its settings.

The inbox is none of them: there the message is the delivery. A channel knows neither the database nor Flask. What a
letter says is made once (`letters`); a channel only gives it the shape that its other side asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from assist.domain.channel_names import ChannelName


@dataclass(frozen=True)
class Line:
    """One message of a letter: `card` (黄牌预警) and `number` are empty where its title has none."""

    title: str
    tone: str = "inf"
    url: str = ""
    card: str = ""
    number: str = ""
    words: str = ""


@dataclass(frozen=True)
class Letter:
    """What goes out. `key` is the same at every attempt, so that the other side can tell a repetition.

    `text` is for mail, `lines` for robots and machines, `short` for SMS; `mention` a mobile to call in a group.
    """

    key: str
    address: str
    title: str
    text: str
    at: datetime
    lines: tuple[Line, ...] = ()
    short: str = ""
    mention: str = ""


class NotSent(Exception):
    """The channel did not take the letter; the sentence says why, for whoever looks after it."""


class ChannelDown(NotSent):
    """The channel itself is unreachable: the next letter need not be tried now."""


class ChannelBusy(ChannelDown):
    """The other side asks not to be called for so many seconds."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Channel(Protocol):
    """`send` returns a receipt or raises NotSent; `close` lets go of what a run has opened."""

    def send(self, letter: Letter) -> str: ...

    def close(self) -> None: ...


def make(name: str, values: Mapping[str, Any]) -> Channel:
    """The channel of this name as it is set up: `values` are its fields and secrets (`domain.channel_specs`)."""
    module = import_module(f"assist.channels.{ChannelName.of(name).value}")
    made: Channel = module.make(values)
    return made
