"""外部系统推送: a POST of JSON, signed by HMAC over time and body, so that the other side knows whose it is.

`X-Assist-Signature: sha256=hex(hmac_sha256(secret, "<X-Assist-Timestamp>." + body))`, the time in seconds.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from assist.channels import Letter, http
from assist.domain.clock import SystemTime


def sign(secret: str, timestamp_s: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), timestamp_s.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret

    def send(self, letter: Letter) -> str:
        body, now = http.as_json(self.body(letter)), str(int(SystemTime().now().timestamp()))
        headers = {"X-Assist-Timestamp": now, "X-Assist-Signature": sign(self.secret, now, body)}
        answer = http.post(self.url, body, http.JSON, letter.key, headers)
        return f"HTTP {answer.status}"

    def body(self, letter: Letter) -> dict[str, Any]:
        return {
            "id": letter.key,
            "at": letter.at.isoformat(),
            "recipient": letter.address,
            "messages": [
                {"title": line.title, "number": line.number, "card": line.card, "tone": line.tone, "url": line.url}
                for line in letter.lines
            ],
        }

    def close(self) -> None:
        """Nothing stays open."""


def make(values: Mapping[str, Any]) -> Webhook:
    return Webhook(values["url"], values.get("secret", ""))
