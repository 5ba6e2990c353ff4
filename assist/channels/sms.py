"""短信, by a gateway that takes a plain HTTP form whose field names are set up. At most 70 characters, no link."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from assist.channels import Letter, NotSent, http

MOST = 70
FORM = "application/x-www-form-urlencoded; charset=utf-8"


class SmsGateway:
    """`more`: further fields as they are sent every time; `success`: what the answer holds when it was taken."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.url = str(values["url"])
        self.signature = str(values.get("signature") or "")
        self.names = {name: str(values.get(f"{name}_field") or "") for name in ("phone", "text", "id", "secret")}
        self.secret = str(values.get("secret") or "")
        self.more = dict(
            line.split("=", 1) for line in str(values.get("more") or "").splitlines() if "=" in line
        )
        self.success = str(values.get("success") or "")

    def send(self, letter: Letter) -> str:
        answer = http.post(self.url, urlencode(self.form(letter)).encode(), FORM, letter.key)
        if self.success and self.success not in answer.text:
            raise NotSent(f"短信网关没有接收：{' '.join(answer.text.split())[:60] or '没有说明原因'}")
        return " ".join(answer.text.split())[:60] or f"HTTP {answer.status}"

    def form(self, letter: Letter) -> dict[str, str]:
        values = {
            "phone": letter.address,
            "text": self.text(letter),
            "id": letter.key,
            "secret": self.secret,
        }
        named = {self.names[name]: value for name, value in values.items() if self.names[name] and value}
        return {**{name.strip(): value.strip() for name, value in self.more.items()}, **named}

    def text(self, letter: Letter) -> str:
        """With the signature at most 70 characters; what is too long is cut before its end."""
        whole = f"{self.signature}{letter.short}"
        return whole if len(whole) <= MOST else f"{whole[: MOST - 1]}…"

    def close(self) -> None:
        """Nothing stays open."""


def make(values: Mapping[str, Any]) -> SmsGateway:
    return SmsGateway(values)
