"""钉钉 group robot: signed by time and secret in the address; above 20 a minute it refuses for ten minutes."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from assist.channels import Letter, Line, http
from assist.channels.robot_words import fitting, head, left, safe
from assist.domain.clock import SystemTime
from assist.domain.phone import is_mobile

MOST_BYTES = 19_000
BUSY = {130101: 600, 130103: 600}


def sign(secret: str, timestamp_ms: str) -> str:
    """As it stands in the address (already quoted)."""
    digest = hmac.new(secret.encode(), f"{timestamp_ms}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest))


class DingtalkRobot:
    """`has_mentions`: call the person a message is for; his number then stands in the text, as the robot asks."""

    def __init__(self, url: str, token: str, secret: str, has_mentions: bool) -> None:
        self.url = f"{url}?access_token={quote(token, safe='')}"
        self.secret = secret
        self.has_mentions = has_mentions

    def send(self, letter: Letter) -> str:
        url = self.url
        if self.secret:
            now = str(int(SystemTime().now().timestamp() * 1000))
            url += f"&timestamp={now}&sign={sign(self.secret, now)}"
        answer = http.post(url, http.as_json(self.body(letter)), http.JSON, letter.key)
        return http.taken(answer, "errcode", "errmsg", BUSY)

    def body(self, letter: Letter) -> dict[str, Any]:
        title = head(letter)
        called = [letter.mention] if self.has_mentions and is_mobile(letter.mention) else []
        blocks = fitting(letter, [_block(line) for line in letter.lines], MOST_BYTES)
        text = f"### {title}\n" + "\n\n".join(blocks) + "".join(f" @{mobile}" for mobile in called)
        return {
            "msgtype": "markdown",
            "markdown": {"title": title, "text": text},
            "at": {"atMobiles": called, "isAtAll": False},
        }

    def close(self) -> None:
        """Nothing stays open."""


def _block(line: Line) -> str:
    link = f"\n\n[办理]({line.url})" if line.url else ""
    if not line.card:
        return f"> {safe(line.title)}{link}"
    return f"> {line.number} {left(line)}{link}"


def make(values: Mapping[str, Any]) -> DingtalkRobot:
    return DingtalkRobot(values["url"], values["token"], values.get("secret", ""), bool(values.get("has_mentions")))
