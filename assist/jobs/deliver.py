"""`deliver`: claims what waits, hands it to its channel outside of any transaction, and settles each at once.

Every channel has a thread of its own, so that a slow one holds up none of the others; a run ends after a while, so
that what has come meanwhile is seen.
"""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from assist.channels import Channel, ChannelBusy, ChannelDown, NotSent, make
from assist.domain.channel_names import ChannelName
from assist.jobs.context import Context
from assist.jobs.letters import letter
from assist.services import delivering, keeping_channels
from assist.services.delivering import Parcel
from assist.services.keeping_channels import SetUp

log = logging.getLogger(__name__)

RUN_SECONDS = 20
# A channel that is down is tried again after so long, by one letter; the others wait and lose no attempt.
PAUSE_SECONDS = 30


def run(context: Context, channels: Mapping[str, Channel] | None = None) -> dict[str, int]:
    """`channels` are those that are set up unless given."""
    found = _set_up(context) if channels is None else channels
    with context.reading() as work:
        is_changed = sorted(work.settings.channels) != sorted(found)
        waiting = delivering.waiting_channels(work)
    if is_changed:
        with context.writing() as work:
            delivering.publish_channels(work, found)
    counts: Counter[str] = Counter(sent=0, failed=0, dead=0)
    try:
        for done in _each(context, waiting, found):
            counts.update(done)
    finally:
        for channel in found.values():
            channel.close()
    return dict(counts)


def _set_up(context: Context) -> dict[str, Channel]:
    """Those that are switched on, made of their settings. One that cannot be made leaves its messages waiting."""
    with context.reading() as work:
        known = keeping_channels.set_up(work.session, context.config)
    found: dict[str, Channel] = {}
    for name, one in known.items():
        if one.is_on:
            found[name] = _made(name, one)
    return found


def _made(name: str, one: SetUp) -> Channel:
    if one.why_not:
        return _Unusable(one.why_not)
    try:
        return make(name, one.values)
    except Exception as error:  # one channel's fault is not the others'
        log.exception("channel %s cannot be made", name)
        return _Unusable(f"渠道设置不完整，请重新保存：{type(error).__name__}")


class _Unusable:
    """Stands for a channel whose secrets can no longer be read."""

    def __init__(self, why: str) -> None:
        self.why = why

    def send(self, _letter: object) -> str:
        raise ChannelDown(self.why)

    def close(self) -> None:
        """Nothing was opened."""


def _each(context: Context, names: list[str], channels: Mapping[str, Channel]) -> list[Counter[str]]:
    runs = [_Run(context, name, channels.get(name)) for name in names]
    if len(runs) < 2:
        return [one.work_off() for one in runs]
    with ThreadPoolExecutor(len(runs), "deliver") as pool:
        return list(pool.map(_Run.work_off, runs))


@dataclass
class _Run:
    """One channel in one run. `down`: why the rest need not be tried now."""

    context: Context
    name: str
    channel: Channel | None
    counts: Counter[str] = field(default_factory=Counter)
    down: ChannelDown | None = None
    error: str = ""

    @property
    def lease(self) -> timedelta:
        given = self.context.config.get("ASSIST_DELIVERY_LEASE")
        return delivering.LEASE if given is None else timedelta(seconds=float(given))

    def work_off(self) -> Counter[str]:
        began = time.monotonic()
        while (
            not self.context.stopping()
            and self.down is None
            and time.monotonic() - began < RUN_SECONDS
            and (parcels := self._claim())
        ):
            before = self.counts.copy()
            self._send_all(parcels)
            self._note(self.counts - before)
        return self.counts

    def _claim(self) -> list[Parcel]:
        with self.context.writing() as work:
            return delivering.claim(work, self.name, lease=self.lease)

    def _send_all(self, parcels: list[Parcel]) -> None:
        """A claim is worked on for half its lease, and while the channel answers; what is left then is given back."""
        began, patience = time.monotonic(), self.lease.total_seconds() / 2
        for number, parcel in enumerate(parcels):
            if self.down is not None or self.context.stopping() or time.monotonic() - began > patience:
                with self.context.writing() as work:
                    delivering.release(work, parcels[number:])
                return
            self._settle(parcel, *self._send(parcel))

    def _settle(self, parcel: Parcel, reason: str, receipt: str) -> None:
        wait = timedelta(seconds=self.down.seconds) if isinstance(self.down, ChannelBusy) else timedelta(0)
        with self.context.writing() as work:
            if not reason:
                self.counts["sent"] += delivering.sent(work, parcel, receipt)
                return
            self.error = reason
            status = delivering.failed(work, parcel, reason, wait)
        self.counts[status.value] += len(parcel.delivery_ids)

    def _send(self, parcel: Parcel) -> tuple[str, str]:
        """(why it did not go, the receipt): one of them empty."""
        if self.channel is None:
            title = ChannelName.of(self.name).title
            return f"通道“{title}”没有配置。", ""
        try:
            return "", self.channel.send(letter(self.context.config, parcel))
        except ChannelDown as error:
            self.down = error
            return str(error), ""
        except NotSent as error:
            return str(error), ""
        except Exception as error:  # a fault of ours: the other letters still go
            log.exception("parcel %s could not be sent", parcel.key)
            return f"发送程序出错：{type(error).__name__}", ""

    def _silence(self) -> float:
        """For how many seconds the channel is left alone now."""
        if isinstance(self.down, ChannelBusy):
            return self.down.seconds
        return float(self.context.config.get("ASSIST_CHANNEL_PAUSE", PAUSE_SECONDS)) if self.down else 0

    def _note(self, done: Counter[str]) -> None:
        """How it went, for whoever looks after the channel."""
        silent = self._silence()
        with self.context.writing() as work:
            keeping_channels.note_run(
                work,
                self.name,
                sent=done["sent"],
                failed=done["failed"] + done["dead"],
                error=self.error if done["failed"] + done["dead"] else "",
                silent_seconds=silent,
            )
