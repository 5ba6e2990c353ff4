"""飞书 group robot: signed in the body; a card with one button a message, at most 20 KB."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from assist.channels import Letter, Line, http
from assist.channels.robot_words import head, left, safe
from assist.domain.clock import SystemTime

MOST_LINES = 30  # of about 400 bytes each: the limit is 20 KB
COLOURS = {"late": "red", "soon": "orange", "ok": "green"}
BUSY = {9499: 60, 11232: 60}


def sign(secret: str, timestamp_s: str) -> str:
    digest = hmac.new(f"{timestamp_s}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class FeishuRobot:
    def __init__(self, url: str, hook: str, secret: str) -> None:
        self.url = f"{url.rstrip('/')}/{quote(hook, safe='')}"
        self.secret = secret

    def send(self, letter: Letter) -> str:
        body = self.body(letter)
        if self.secret:
            now = str(int(SystemTime().now().timestamp()))
            body = {"timestamp": now, "sign": sign(self.secret, now), **body}
        answer = http.post(self.url, http.as_json(body), http.JSON, letter.key)
        return http.taken(answer, "code", "msg", BUSY)

    def body(self, letter: Letter) -> dict[str, Any]:
        elements = [element for line in letter.lines[:MOST_LINES] for element in _elements(line)]
        if len(letter.lines) > MOST_LINES:
            elements.append(_text(f"另有{len(letter.lines) - MOST_LINES}条，请登录平台查看。"))
        return {
            "msg_type": "interactive",
            "card": {
                "config": {"wide_screen_mode": True},
                "header": {
                    "template": COLOURS.get(_worst(letter), "blue"),
                    "title": {"tag": "plain_text", "content": head(letter)},
                },
                "elements": elements,
            },
        }

    def close(self) -> None:
        """Nothing stays open."""


def _worst(letter: Letter) -> str:
    tones = {line.tone for line in letter.lines}
    return next((tone for tone in ("late", "soon", "inf") if tone in tones), "ok")


def _text(content: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "lark_md", "content": content}}


def _elements(line: Line) -> list[dict[str, Any]]:
    made = [_text(f"**{line.number}** {left(line)}" if line.card else safe(line.title))]
    if line.url:
        button = {
            "tag": "button",
            "text": {"tag": "plain_text", "content": "去办理"},
            "type": "primary",
            "url": line.url,
        }
        made.append({"tag": "action", "actions": [button]})
    return made


def make(values: Mapping[str, Any]) -> FeishuRobot:
    return FeishuRobot(values["url"], values["hook"], values.get("secret", ""))
