"""One POST to another system, and what its answer means. Every failure is one Chinese sentence without any secret."""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from assist.channels import ChannelBusy, ChannelDown, NotSent
from assist.domain.clock import SystemTime

PATIENCE_SECONDS = 6
MOST_BYTES = 64 * 1024
BUSY_SECONDS = 60
LONGEST_BUSY = 3600


@dataclass(frozen=True)
class Answer:
    """What came back with a status of success. `text` is at most 64 KB of it."""

    status: int
    text: str
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        """The answer as an object. Raises NotSent when it is none: whatever answered, it was not the right one."""
        try:
            found = json.loads(self.text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NotSent(f"对方返回的内容看不懂，可能不是正确的地址：{_cut(self.text) or '空白'}")
        return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without its body: say it instead."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@cache
def _opener() -> urllib.request.OpenerDirector:
    """Made once: reading the certificates of the machine takes longer than a whole POST."""
    handler = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    return urllib.request.build_opener(_NoRedirect(), handler)


def post(url: str, body: bytes, content_type: str, key: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Send and read the answer. Raises ChannelBusy, ChannelDown or NotSent."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotSent("接口地址不是有效的网址。")
    request = urllib.request.Request(url, data=body, method="POST")
    for name, value in {"Content-Type": content_type, "Idempotency-Key": key, **(headers or {})}.items():
        request.add_header(name, value)
    try:
        with _opener().open(request, timeout=PATIENCE_SECONDS) as answer:
            return Answer(answer.status, _read(answer), answer.headers)
    except urllib.error.HTTPError as error:
        raise _refused(error) from None
    except TimeoutError as error:
        raise ChannelDown(f"对方 {parts.hostname} 在{PATIENCE_SECONDS}秒内没有答复。") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise ChannelDown(f"对方 {parts.hostname} 在{PATIENCE_SECONDS}秒内没有答复。") from error
        raise ChannelDown(f"连接不上 {parts.hostname}：{_cut(str(error.reason))}") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise ChannelDown(f"对方 {parts.hostname} 的答复不完整：{type(error).__name__}") from error


def _read(answer: Any) -> str:
    """At most 64 KB, within the patience, whatever drips in."""
    began, found = time.monotonic(), b""
    while len(found) < MOST_BYTES and (part := answer.read1(MOST_BYTES - len(found))):
        found += part
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError
    return found.decode("utf-8", "replace")


def _refused(error: urllib.error.HTTPError) -> NotSent:
    with error:
        if error.code == 429:
            seconds = _retry_after(error.headers.get("Retry-After", ""))
            return ChannelBusy(f"对方要求稍后再发（429），{seconds}秒内不再发送。", seconds)
        if error.code >= 500:
            return ChannelDown(f"对方系统出错（{error.code}）。")
        if 300 <= error.code < 400:
            return NotSent(f"接口地址已变更（{error.code}），请改用新的地址。")
        return NotSent(f"对方拒收（{error.code}），请检查地址和密钥。")


def _retry_after(text: str) -> int:
    """Seconds from the header: a number, or a date; a minute when there is none."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit():
        return min(int(plain[:6]), LONGEST_BUSY)
    try:
        return min(max(int((parsedate_to_datetime(plain) - SystemTime().now()).total_seconds()), 1), LONGEST_BUSY)
    except (ValueError, TypeError):
        return BUSY_SECONDS


def _cut(text: str) -> str:
    return " ".join(text.split())[:60]


def as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


JSON = "application/json; charset=utf-8"


def taken(answer: Answer, code_name: str, words_name: str, busy: Mapping[int, int]) -> str:
    """Of robots: success is a code of 0, told in a body of status 200. `busy`: codes that mean 稍后再发, in seconds."""
    found = answer.json()
    code = found.get(code_name)
    if code == 0:
        return f"{code_name}=0"
    words = _cut(str(found.get(words_name) or ""))
    if isinstance(code, int) and code in busy:
        raise ChannelBusy(f"对方限流（{code}）：{words}", busy[code])
    raise NotSent(f"对方没有接收（{'没有返回结果代码' if code is None else code}）：{words or '没有说明原因'}")
