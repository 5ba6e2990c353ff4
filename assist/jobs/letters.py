"""What a parcel says once it leaves: title, number, card, time left and link. Never a word of the problem itself."""

import re
from collections.abc import Mapping
from typing import Any

from assist.channels import Letter, Line
from assist.domain.outward import NUMBER, sms_text
from assist.services.delivering import Item, Parcel

SIGNATURE = "—— 聊城市助企远航服务平台（系统自动发送，请勿回复）"
LISTED = 20  # further ones are counted; all stand in the inbox
_CARD = re.compile(rf"(?P<card>[^：:]{{2,10}})：(?P<number>{NUMBER.pattern})\s*(?P<words>.*)")


def letter(config: Mapping[str, Any], parcel: Parcel) -> Letter:
    """The letter of what goes together, for every channel alike."""
    base = str(config.get("ASSIST_BASE_URL") or "").rstrip("/")
    lines = tuple(_line(base, item) for item in parcel.items)
    if len(lines) == 1:
        first = parcel.items[0]
        title, short = first.title, sms_text(first.kind, first.title, first.location)
    else:
        title = f"您有{len(lines)}条消息"
        short = f"您有{len(lines)}条新消息，请登录平台查看。"
    return Letter(
        key=parcel.key,
        address=parcel.address,
        title=title,
        text=_text(base, title, lines),
        at=parcel.at,
        lines=lines,
        short=short,
        mention=parcel.mention,
    )


def _line(base: str, item: Item) -> Line:
    url = f"{base}{item.location or '/inbox/'}" if base else ""
    found = _CARD.fullmatch(item.title)
    if found is None:
        return Line(item.title, item.tone, url)
    return Line(item.title, item.tone, url, found["card"], found["number"], found["words"])


def _text(base: str, title: str, lines: tuple[Line, ...]) -> str:
    """The body of a mail."""
    if len(lines) == 1:
        told = [title, *(["", f"请登录平台查看：{lines[0].url}"] if lines[0].url else [])]
    else:
        told = [f"{title}：", ""]
        for number, line in enumerate(lines[:LISTED], 1):
            told += [f"{number}. {line.title}", *([f"   {line.url}"] if line.url else [])]
        if len(lines) > LISTED:
            told.append(f"另有{len(lines) - LISTED}条，请登录平台查看。")
        if base:
            told += ["", f"全部消息：{base}/inbox/"]
    return "\n".join([*told, "", SIGNATURE, ""])
