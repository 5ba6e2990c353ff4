"""渠道设置: how each channel is set up, its secrets encrypted under `ASSIST_SECRETS_KEY`, and how it last went.

A secret is written and used, never shown: whoever keeps a channel can only replace it. Making a channel of these
values is `assist.channels`; the caller joins the two. E-mail that was never set up here is the environment's.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.channel_names import ChannelName
from assist.domain.channel_specs import SPECS
from assist.domain.errors import Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.models import Channel
from assist.services import auditing
from assist.services.database_time import database_time
from assist.services.work import Work, insert_unless_there

LOST_KEY = "密钥无法解开（ASSIST_SECRETS_KEY 已更换），请重新填写密钥。"


@dataclass(frozen=True)
class SetUp:
    """How one channel is set up. `values`: fields and secrets together, for making it; `why_not`: it cannot be used."""

    is_on: bool
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    why_not: str = ""


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"assist channels {key}".encode()).digest()))


def _open(row: Channel, key: str) -> dict[str, str]:
    """Raises InvalidToken when the key is another."""
    if not row.secrets:
        return {}
    found: dict[str, str] = json.loads(_box(key).decrypt(row.secrets.encode()))
    return found


def set_up(session: Session, config: Mapping[str, Any]) -> dict[str, SetUp]:
    """Every channel that was set up, by name; `config` has the key and what the environment says of e-mail."""
    found: dict[str, SetUp] = {}
    if config.get("ASSIST_SMTP_URL"):
        mail = {"url": config["ASSIST_SMTP_URL"], "sender": config.get("ASSIST_MAIL_FROM") or ""}
        found[ChannelName.EMAIL.value] = SetUp(True, mail)
    for row in session.scalars(select(Channel).where(Channel.fields.is_not(None))):
        if row.name not in SPECS:
            continue
        try:
            secrets = _open(row, str(config.get("ASSIST_SECRETS_KEY") or ""))
            found[row.name] = SetUp(row.is_on, {**(row.fields or {}), **secrets})
        except (InvalidToken, ValueError):
            found[row.name] = SetUp(row.is_on, dict(row.fields or {}), LOST_KEY)
    return found


def row_of(work: Work, name: str, *, lock: bool = False) -> Channel:
    """A channel's row, made when there is none. Raises NotFound for a name that is none."""
    if name not in SPECS:
        raise NotFound()
    query = select(Channel).where(Channel.name == name)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        found = Channel(name=name)
        if lock:
            work.session.execute(insert_unless_there(work.session, Channel).values(name=name, **_BLANK))
            found = work.session.scalars(query.with_for_update()).one()
    return found


_BLANK = {"is_on": False, "secrets": "", "last_error": "", "sent_count": 0, "failed_count": 0}


def put(work: Work, name: str, words: Mapping[str, str], *, is_on: bool, key: str) -> Channel:
    """设置渠道 from what was typed; a secret left empty stays as it is. Raises Invalid naming the field, Forbidden."""
    if not may(work.actor, Deed.KEEP_CHANNELS):
        raise Forbidden()
    row = row_of(work, name, lock=True)
    spec = SPECS[name]
    try:
        secrets = _open(row, key)
    except (InvalidToken, ValueError):
        secrets = {}
    fields: dict[str, Any] = {}
    replaced = []
    for one in spec.fields:
        text = words.get(one.name) or ""
        if not one.is_secret:
            fields[one.name] = one.read(text)
        elif text.strip():
            secrets[one.name] = str(one.read(text))
            replaced.append(one.title)
        elif one.is_needed and not secrets.get(one.name):
            raise Invalid(f"请填写{one.title}。", one.name)
    before = {**(row.fields or {}), "is_on": row.is_on}
    row.fields, row.is_on = fields, is_on
    row.secrets = _box(key).encrypt(json.dumps(secrets).encode()).decode() if secrets else ""
    row.changed_at, row.changed_by_id = work.now, work.actor.account_id
    row.blocked_until, row.last_error = None, ""
    titles = {"is_on": "启用", **{one.name: one.title for one in spec.fields}}
    changed = {
        titles[name]: f"{_shown(before.get(name))} → {_shown(value)}"
        for name, value in {"is_on": is_on, **fields}.items()
        if before.get(name) != value
    }
    auditing.record(work, "change_channel", spec.name.title, changed=changed, secrets=replaced)
    return row


def _shown(value: Any) -> str:
    """A plain value as the log has it."""
    return ("是" if value else "否") if isinstance(value, bool) else str(value or "无")


def known_secrets(row: Channel, key: str) -> frozenset[str]:
    """The names of the secrets that are set; none when they can no longer be opened."""
    try:
        return frozenset(_open(row, key))
    except (InvalidToken, ValueError):
        return frozenset()


def note_run(work: Work, name: str, *, sent: int, failed: int, error: str = "", silent_seconds: float = 0) -> None:
    """How a channel went: what was sent and what failed, the last error, and for how long it must keep still."""
    row = row_of(work, name, lock=True)
    row.sent_count += sent
    row.failed_count += failed
    if sent:
        row.last_success_at = work.now
    if error:
        row.last_error, row.last_error_at = error[:400], work.now
    if silent_seconds:
        row.blocked_until = database_time(work.session) + timedelta(seconds=silent_seconds)


def note_test(work: Work, name: str, error: str, silent_seconds: int = 0) -> None:
    """测试发送: how it went counts for the channel like any other letter, and who asked for it is logged."""
    note_run(work, name, sent=int(not error), failed=int(bool(error)), error=error, silent_seconds=silent_seconds)
    result = error or "已发出"
    auditing.record(work, "test_channel", SPECS[name].name.title, result=result)
