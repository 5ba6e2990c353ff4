"""What e-mail looks like on the wire, and what is said when a server does not take it."""

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import update
from sqlalchemy.orm import Session

from assist.channels import ChannelDown, Letter, NotSent
from assist.channels.email import EmailChannel
from assist.domain.clock import shanghai
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account
from assist.services import telling
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase

TITLE = "黄牌预警：LC-20261123-0007 首次联系，11:30前，还剩1小时"


class Postbox:
    """A mail server that keeps what it is given, or refuses an address."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


def a_letter(address: str = "zhang@example.gov.cn") -> Letter:
    return Letter("k" * 32, address, TITLE, f"{TITLE}\n\n请登录平台查看。\n", shanghai(2026, 11, 23, 10, 30))


def test_mail_arrives_with_a_readable_chinese_subject_and_a_stable_id(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    channel = EmailChannel(url, "助企办 <zqyh@example.gov.cn>")
    receipts = [channel.send(a_letter()), channel.send(a_letter())]
    channel.close()
    first, second = box.received
    assert first["Subject"] == TITLE
    assert first["From"].addresses[0].display_name == "助企办"
    assert first["To"] == "zhang@example.gov.cn"
    assert first["Message-ID"] == second["Message-ID"] == receipts[0] == f"<{'k' * 32}@example.gov.cn>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().startswith(TITLE)


def test_headers_are_plain_ascii_on_the_wire() -> None:
    raw = EmailChannel("smtp://mail.example.gov.cn", "").compose(a_letter()).as_bytes()
    head = raw.split(b"\r\n\r\n")[0]
    assert head.isascii()
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))


def test_without_a_sender_the_server_itself_is_named() -> None:
    message = EmailChannel("smtp://mail.example.gov.cn", "").compose(a_letter())
    assert message["From"].addresses[0].addr_spec == "no-reply@mail.example.gov.cn"


def test_a_refused_address_is_said_with_the_servers_words(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    channel = EmailChannel(url, "zqyh@example.gov.cn")
    with pytest.raises(NotSent, match="拒收“nobody@example.gov.cn”：550 no such user"):
        channel.send(a_letter("nobody@example.gov.cn"))
    channel.send(a_letter())
    channel.close()
    assert len(box.received) == 1


@pytest.mark.parametrize("address", ["no address", "张@@x", "a\nb@example.gov.cn", ""])
def test_an_address_that_is_none_is_said_and_not_sent(address: str, postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    channel = EmailChannel(url, "zqyh@example.gov.cn")
    with pytest.raises(NotSent):
        channel.send(a_letter(address))
    channel.close()
    assert box.received == []


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ChannelDown, match="连接不上邮件服务器"):
        EmailChannel(f"smtp://127.0.0.1:{port}", "").send(a_letter())


def test_a_line_break_in_a_title_forges_no_header() -> None:
    forged = Letter("k", "a@example.gov.cn", "标题\r\nBcc: x@example.com", "x", shanghai(2026, 11, 23))
    message = EmailChannel("smtp://mail.example.gov.cn", "").compose(forged)
    assert message["Bcc"] is None


def test_configured_by_the_environment_the_job_sends_mail(
    database: TestDatabase, session: Session, cast: Cast, work: Work, postbox: tuple[Postbox, str]
) -> None:
    box, url = postbox
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    session.commit()
    config = {
        "ASSIST_SMTP_URL": url,
        "ASSIST_MAIL_FROM": "zqyh@example.gov.cn",
        "ASSIST_BASE_URL": "http://assist.test",
    }
    job = Context(database.engine, work.time, config)
    assert deliver.run(job)["sent"] == 0  # from now on it is known that there is e-mail
    telling.tell(Work(session, work.time), [cast.zhang.id], "reminder", TITLE, key="k")
    session.commit()
    assert deliver.run(job)["sent"] == 1
    assert box.received[0]["Subject"] == TITLE
