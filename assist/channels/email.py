"""电子邮件, by SMTP: `smtp://user:word@host:25` (with STARTTLS where it is offered) or `smtps://…:465`."""

import smtplib
import ssl
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from assist.channels import ChannelDown, Letter, NotSent

SENDER_NAME = "助企远航服务平台"
PATIENCE_SECONDS = 8


class EmailChannel:
    """One connection a run, opened by the first letter."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.is_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        name, address = parseaddr(sender)
        self.name = name or SENDER_NAME
        self.address = address or (self.user if "@" in self.user else f"no-reply@{self.host}")
        self._connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> str:
        """Hand one letter to the server; the receipt is its Message-ID. Raises NotSent with the server's words."""
        try:
            message = self.compose(letter)
        except (MessageError, ValueError, IndexError) as error:
            raise NotSent(f"邮箱地址“{letter.address}”无效：{error}") from error
        try:
            connection = self._connection or self._connect()
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise NotSent(f"邮件服务器拒收“{letter.address}”：{code} {_text(words)}") from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            self.close()
            raise NotSent(f"邮件服务器拒收：{_reason(error)}") from error
        except OSError as error:  # the network's errors and every other one of smtplib's
            self.close()
            raise ChannelDown(f"连接不上邮件服务器 {self.host}:{self.port}：{_reason(error)}") from error
        return str(message["Message-ID"])

    def compose(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.name, addr_spec=self.address)
        message["To"] = Address(addr_spec=letter.address.strip())
        message["Subject"] = " ".join(letter.title.split())
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.key}@{self.address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if self.is_tls:
            connection = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.ehlo()
            if not self.is_tls and connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            if self.user:
                connection.login(self.user, self.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            connection.close()
            raise ChannelDown(f"邮件服务器 {self.host} 不接受登录：{_reason(error)}") from error
        except OSError:
            connection.close()
            raise
        self._connection = connection
        return connection


def _reason(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def make(values: Mapping[str, Any]) -> EmailChannel:
    """From an address as the environment gives it (`url`), or from what was set up on the page."""
    url = values.get("url")
    if not url:
        login = quote(str(values.get("user") or ""), safe="")
        if login and values.get("password"):
            login += ":" + quote(str(values["password"]), safe="")
        scheme = "smtps" if values.get("is_tls") else "smtp"
        url = f"{scheme}://{login}{'@' if login else ''}{values['host']}:{values['port']}"
    return EmailChannel(str(url), str(values.get("sender") or ""))
