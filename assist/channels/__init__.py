"""The channels by which messages leave the house, one small file each, and which of them are configured.

The inbox is none of them: there the message is the delivery. A channel knows neither the database nor Flask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Letter:
    """What goes out. `key` is the same at every attempt, so that the other side can tell a repetition."""

    key: str
    address: str
    title: str
    text: str
    at: datetime


class NotSent(Exception):
    """The channel did not take the letter; the sentence says why, for whoever looks after it."""


class ChannelDown(NotSent):
    """The channel itself is unreachable: the next letter need not be tried now."""


class Channel(Protocol):
    """`send` returns a receipt or raises NotSent; `close` lets go of what a run has opened."""

    def send(self, letter: Letter) -> str: ...

    def close(self) -> None: ...


def configured(config: Mapping[str, Any]) -> dict[str, Channel]:
    """The channels that this configuration switches on, by name."""
    from assist.channels.email import EmailChannel

    found: dict[str, Channel] = {}
    if config.get("ASSIST_SMTP_URL"):
        found["email"] = EmailChannel(config["ASSIST_SMTP_URL"], config.get("ASSIST_MAIL_FROM") or "")
    return found
