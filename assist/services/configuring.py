"""Changing a single setting by name: telephones, numbers, prefixes, and who is named for restricted matters.

Limits, ladder, categories and the calendar have verbs of their own. Every change is audited and raises the revision.
"""

from sqlalchemy import func, select

from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.domain.setting_specs import SPECS
from assist.domain.transitions import Action
from assist.models import Account, Setting, Ticket
from assist.models.account import holds
from assist.models.ticket import is_open
from assist.services import auditing, telling, transitions
from assist.services.settings import changed
from assist.services.work import Work

NAMED = "restricted_owner_id"
NAMED_TITLE = "专项诉求指定办理人"
# A name and what it is called: what may be set by this module.
TITLES = {**{name: spec.title for name, spec in SPECS.items()}, NAMED: f"{NAMED_TITLE}（用户名；留空为不受理）"}


def put(work: Work, name: str, text: str) -> str:
    """Set one setting from what a person typed; returns how it reads now. Raises Invalid (`value`), Forbidden."""
    _keeper(work)
    if name == NAMED:
        return _name_by_username(work, text.strip())
    if name not in SPECS:
        raise Invalid(f"没有名为 {name} 的设置，可设置的有：{'、'.join(TITLES)}。")
    value = SPECS[name].read(text)
    _put(work, name, value)
    return str(value)


def _keeper(work: Work) -> None:
    if not work.actor.is_system and not may(work.actor, Deed.KEEP_SETTINGS):
        raise Forbidden()


def _put(work: Work, name: str, value: str | int) -> None:
    """Write, audit and raise the revision; nothing when it is the same."""
    row = work.session.scalars(select(Setting).where(Setting.name == name).with_for_update()).one_or_none()
    before = row.value if row is not None else None
    if row is not None and before == value:
        return
    if row is None:
        work.session.add(Setting(name=name, value=value))
    else:
        row.value = value
    changed(work.session)
    work.__dict__.pop("settings", None)
    deed, title = ("setting", SPECS[name].title) if name in SPECS else ("name_restricted", NAMED_TITLE)
    auditing.record(work, deed, title, name=name, old=before, new=value)


def _name_by_username(work: Work, username: str) -> str:
    if not username:
        name_for_restricted(work, None)
        return "（未指定）"
    named = work.session.scalars(select(Account).where(Account.username == username)).one_or_none()
    if named is None:
        raise Invalid(f"没有找到在用的督查员或调度员账号 {username}，专项诉求须由其中一人办理。")
    name_for_restricted(work, named.id)
    return f"{named.name}（{username}）"


def candidates(work: Work) -> list[Account]:
    """Who may be named for restricted matters: supervisors and coordinators in use."""
    query = select(Account).where(
        Account.is_active, holds(Role.SUPERVISOR) | holds(Role.COORDINATOR)
    )
    return list(work.session.scalars(query.order_by(Account.pinyin, Account.id)))


def name_for_restricted(work: Work, account_id: int | None) -> int:
    """指定专项诉求办理人: from now on the owner of restricted matters; those that are open follow, by events.

    Returns how many followed. None switches those categories off, which cannot be while one is open (Conflict).
    Raises Invalid (`owner`) for anybody but a supervisor or coordinator in use.
    """
    _keeper(work)
    named = work.session.get(Account, account_id) if account_id is not None else None
    if account_id is not None and (
        named is None or not named.is_active or not named.has(Role.SUPERVISOR, Role.COORDINATOR)
    ):
        raise Invalid("专项诉求须由在用的督查员或调度员办理。", "owner")
    if work.settings.restricted_owner_id == account_id:
        return 0
    if named is None and (count := open_restricted(work)):
        raise Conflict(f"还有{count}件专项诉求在办，请改为指定另一人，不能取消指定。")
    _put(work, NAMED, named.id if named else 0)
    return _follow(work, named) if named else 0


def open_restricted(work: Work) -> int:
    query = select(func.count()).select_from(Ticket).where(is_open(), Ticket.is_restricted)
    return work.session.scalar(query) or 0


def _follow(work: Work, named: Account) -> int:
    """Open restricted matters pass to the person named for them; he is told once."""
    query = select(Ticket).where(is_open(), Ticket.is_restricted, Ticket.owner_id.is_distinct_from(named.id))
    found = list(work.session.scalars(query.order_by(Ticket.id).with_for_update()))
    for ticket in found:
        transitions.act(
            work.as_system(), ticket, Action.REASSIGN, changes={"owner_id": named.id}, is_visible=False
        )
    if found:
        telling.tell(
            work,
            [named.id],
            "submitted",
            f"{len(found)}件专项诉求转由您办理",
            key=f"named:{named.id}:{work.settings.revision}",
            body="您已被指定为作风问题等专项诉求的办理人。",
            location="/tickets/",
        )
    return len(found)
