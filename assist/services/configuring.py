"""Changing a single setting by name: who is named for restricted matters, which telephones the pages show.

Limits, ladder, categories and the calendar have verbs of their own. Every change is audited and raises the revision.
"""

import re
from dataclasses import dataclass

from sqlalchemy import select

from assist.domain.errors import Invalid
from assist.domain.roles import Role
from assist.models import Account, Setting
from assist.services import auditing
from assist.services.settings import changed
from assist.services.work import Work

PHONE = re.compile(r"^[0-9+\-— ]{3,20}$")


@dataclass(frozen=True)
class Known:
    """A setting that may be changed here, with its Chinese name."""

    name: str
    title: str


KNOWN = {
    known.name: known
    for known in (
        Known("oversight_phone", "监督电话"),
        Known("office_phone", "助企办电话"),
        Known("programme_size", "远航企业总数"),
        Known("restricted_owner_id", "作风问题等专项诉求的指定办理人（用户名；留空为不受理）"),
    )
}


def put(work: Work, name: str, text: str) -> str:
    """Set one setting from what a person typed; returns how it reads now. Raises Invalid."""
    if name not in KNOWN:
        raise Invalid(f"没有名为 {name} 的设置，可设置的有：{'、'.join(KNOWN)}。")
    value, shown = _read(work, name, text.strip())
    row = work.session.scalars(select(Setting).where(Setting.name == name).with_for_update()).one_or_none()
    before = row.value if row is not None else None
    if row is None:
        work.session.add(Setting(name=name, value=value))
    else:
        row.value = value
    changed(work.session)
    auditing.record(work, "setting", name, old=before, new=value)
    return shown


def _read(work: Work, name: str, text: str) -> tuple[object, str]:
    if name.endswith("_phone"):
        if not PHONE.match(text):
            raise Invalid("电话应为数字，如 0635-8888110。")
        return text, text
    if name == "programme_size":
        if not text.isdecimal() or not 0 < int(text) < 100_000:
            raise Invalid("企业总数应为正整数。")
        return int(text), text
    if not text:
        return 0, "（未指定）"
    named = work.session.scalars(
        select(Account).where(Account.username == text, Account.is_active)
    ).one_or_none()
    if named is None or not named.has(Role.SUPERVISOR, Role.COORDINATOR):
        raise Invalid(f"没有找到在用的督查员或调度员账号 {text}，专项诉求须由其中一人办理。")
    return named.id, f"{named.name}（{text}）"
