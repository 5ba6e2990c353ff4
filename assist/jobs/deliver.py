"""`deliver`: claims what waits, hands it to its channel outside of any transaction, and settles each at once."""

import logging
import time
from collections import Counter
from collections.abc import Mapping

from assist.channels import Channel, ChannelDown, Letter, NotSent, configured
from assist.jobs.context import Context
from assist.services import delivering
from assist.services.delivering import Parcel

log = logging.getLogger(__name__)

SIGNATURE = "—— 聊城市助企远航服务平台（系统自动发送，请勿回复）"
# A claim is worked on for half its lease; what is left then is given back.
PATIENCE_SECONDS = delivering.LEASE.total_seconds() / 2


def run(context: Context, channels: Mapping[str, Channel] | None = None) -> dict[str, int]:
    """`channels` are those of the configuration unless given."""
    found = configured(context.config) if channels is None else channels
    with context.reading() as work:
        is_changed = sorted(work.settings.channels) != sorted(found)
    if is_changed:
        with context.writing() as work:
            delivering.publish_channels(work, found)
    counts: Counter[str] = Counter(sent=0, failed=0, dead=0)
    down: dict[str, str] = {}
    try:
        while not context.stopping() and (parcels := _claim(context)):
            _work_off(context, parcels, found, down, counts)
    finally:
        for channel in found.values():
            channel.close()
    return dict(counts)


def _claim(context: Context) -> list[Parcel]:
    with context.reading() as work:
        if not delivering.is_anything_waiting(work):
            return []
    with context.writing() as work:
        return delivering.claim(work)


def _work_off(
    context: Context,
    parcels: list[Parcel],
    channels: Mapping[str, Channel],
    down: dict[str, str],
    counts: Counter[str],
) -> None:
    """Send each; `down` are the channels found unreachable in this run, with the reason."""
    began = time.monotonic()
    for parcel in parcels:
        if context.stopping() or time.monotonic() - began > PATIENCE_SECONDS:
            with context.writing() as work:
                delivering.release(work, parcel)
            continue
        reason = down.get(parcel.channel) or _send(context, parcel, channels, down)
        with context.writing() as work:
            if not reason:
                counts["sent"] += delivering.sent(work, parcel)
            else:
                counts[delivering.failed(work, parcel, reason).value] += 1


def _send(context: Context, parcel: Parcel, channels: Mapping[str, Channel], down: dict[str, str]) -> str:
    """Why it did not go; empty when it went."""
    channel = channels.get(parcel.channel)
    if channel is None:
        return f"通道“{parcel.channel}”没有配置。"
    try:
        channel.send(letter(context, parcel))
    except ChannelDown as error:
        down[parcel.channel] = str(error)
        return str(error)
    except NotSent as error:
        return str(error)
    except Exception as error:  # a fault of ours: the other letters still go
        log.exception("delivery %s could not be sent", parcel.delivery_id)
        return f"发送程序出错：{type(error).__name__}"
    return ""


def letter(context: Context, parcel: Parcel) -> Letter:
    """Title and link and nothing more: the problem's own words stay in the house."""
    base = str(context.config.get("ASSIST_BASE_URL") or "").rstrip("/")
    lines = [parcel.title]
    if base:
        lines += ["", f"请登录平台查看：{base}{parcel.location or '/inbox/'}"]
    return Letter(parcel.key, parcel.address, parcel.title, "\n".join([*lines, "", SIGNATURE, ""]), parcel.at)
