"""企业微信 group robot: the key in the address is the secret; markdown of at most 4096 bytes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from assist.channels import Letter, Line, http
from assist.channels.robot_words import OPEN, fitting, left, safe

MOST_BYTES = 4096
COLOURS = {"late": "warning", "soon": "warning", "ok": "info"}
BUSY = {45009: 60}  # 接口调用超过限制


class WecomRobot:
    def __init__(self, url: str, key: str) -> None:
        self.url = f"{url}?key={quote(key, safe='')}"

    def send(self, letter: Letter) -> str:
        answer = http.post(self.url, http.as_json(self.body(letter)), http.JSON, letter.key)
        return http.taken(answer, "errcode", "errmsg", BUSY)

    def body(self, letter: Letter) -> dict[str, Any]:
        blocks = fitting(letter, [_block(line) for line in letter.lines], MOST_BYTES)
        return {"msgtype": "markdown", "markdown": {"content": "\n\n".join(blocks)}}

    def close(self) -> None:
        """Nothing stays open."""


def _block(line: Line) -> str:
    link = f"\n[{OPEN}]({line.url})" if line.url else ""
    if not line.card:
        return f"**{safe(line.title)}**{link}"
    colour = COLOURS.get(line.tone, "comment")
    return (
        f'**{safe(line.card)}** <font color="{colour}">{left(line)}</font>\n'
        f'>编号：<font color="comment">{line.number}</font>{link}'
    )


def make(values: Mapping[str, Any]) -> WecomRobot:
    return WecomRobot(values["url"], values["key"])
