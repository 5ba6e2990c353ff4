"""How each channel stands: set up or not, how it last went, how much waits. Reads only; a secret is never read here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from assist.domain.channel_names import ChannelName
from assist.domain.channel_specs import SPECS
from assist.domain.status import DeliveryStatus
from assist.models import Account, Channel, Delivery
from assist.services import holding, keeping_channels
from assist.services.work import Work


@dataclass(frozen=True)
class ChannelState:
    """`state` and `tone` in a word; `is_environment`: e-mail as the environment gives it, never set up on a page."""

    name: str
    title: str
    text: str
    state: str
    tone: str
    is_environment: bool
    why_not: str
    waiting: int
    dead: int
    sent_count: int
    failed_count: int
    last_success_at: datetime | None
    last_error_at: datetime | None
    last_error: str
    blocked_until: datetime | None
    changed_at: datetime | None
    changed_by: str


def channels(work: Work, config: Mapping[str, Any]) -> list[ChannelState]:
    """Every channel there can be, in the order of the design."""
    rows = {
        row[0].name: (row[0], row[1] or "")
        for row in work.session.execute(
            select(Channel, Account.name).outerjoin(Account, Account.id == Channel.changed_by_id)
        )
    }
    known = keeping_channels.set_up(work.session, config)
    waiting = _counts(work)
    return [
        _state(name, *rows.get(name, (Channel(name=name), "")), known.get(name), waiting) for name in SPECS
    ]


def channel(work: Work, name: str, config: Mapping[str, Any]) -> ChannelState:
    return next(one for one in channels(work, config) if one.name == name)


def _counts(work: Work) -> dict[tuple[str, bool], int]:
    """(channel, given up?) → how many."""
    rows = work.session.execute(
        select(Delivery.channel, Delivery.status, func.count())
        .where(holding.is_waiting() | (Delivery.status == DeliveryStatus.DEAD))
        .group_by(Delivery.channel, Delivery.status)
    )
    found: Counter[tuple[str, bool]] = Counter()
    for name, status, count in rows:
        found[name, status is DeliveryStatus.DEAD] += count
    return found


def _state(
    name: str,
    row: Channel,
    changed_by: str,
    one: keeping_channels.SetUp | None,
    counts: Mapping[tuple[str, bool], int],
) -> ChannelState:
    if one is None:
        state, tone = "未设置", "gr"
    elif one.why_not:
        state, tone = "密钥失效", "late"
    elif not one.is_on:
        state, tone = "停用", "gr"
    elif row.last_error_at and row.last_error_at >= (row.last_success_at or row.last_error_at):
        state, tone = "启用，最近失败", "soon"
    else:
        state, tone = "启用", "ok"
    return ChannelState(
        name=name,
        title=ChannelName.of(name).title,
        text=SPECS[name].text,
        state=state,
        tone=tone,
        is_environment=one is not None and row.fields is None,
        why_not=one.why_not if one else "",
        waiting=counts.get((name, False), 0),
        dead=counts.get((name, True), 0),
        sent_count=row.sent_count or 0,
        failed_count=row.failed_count or 0,
        last_success_at=row.last_success_at,
        last_error_at=row.last_error_at,
        last_error=row.last_error or "",
        blocked_until=row.blocked_until,
        changed_at=row.changed_at,
        changed_by=changed_by,
    )
