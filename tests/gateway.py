"""A real HTTP server that stands for the other side: it keeps what it is given, and fails as it is told to."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Reply:
    """What the server says: status, body and headers; `sleep` seconds before it, or (`hang_up`) nothing at all."""

    status: int = 200
    body: str = '{"errcode":0,"code":0}'
    headers: dict[str, str] = field(default_factory=dict)
    sleep: float = 0
    hang_up: bool = False


class Gateway:
    """`answer` decides what is said to a request; by default success. `received` has all, in their order."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.lock = threading.Lock()
        self.answer: Callable[[Received], Reply] = lambda received: Reply()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                received = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                with gateway.lock:
                    gateway.received.append(received)
                    reply = gateway.answer(received)
                if reply.sleep:
                    time.sleep(reply.sleep)
                if reply.hang_up:
                    self.close_connection = True
                    return
                said = reply.body.encode()
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(said)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    """The sender was killed: it will come again."""

        return Handler

    def keys(self) -> Counter[str]:
        with self.lock:
            return Counter(one.key for one in self.received)


@contextmanager
def running() -> Iterator[Gateway]:
    made = Gateway()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join(5)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as made:
        yield made
