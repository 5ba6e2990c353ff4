"""Who may do what to another person's account. One's own is always one's own.

Not here: what accounts may do to tickets and rosters (`policy`), which passwords are good (`password_policy`).
"""

from assist.domain.policy import Deed, may
from assist.domain.roles import ADMINISTRATORS, Actor, Role

# Accounts that the roster brings: coordinators make them and help them out.
ROSTER_ROLES = frozenset({Role.ENTERPRISE, Role.OFFICER, Role.UNIT})


def may_create(actor: Actor, roles: frozenset[Role]) -> bool:
    """A system administrator (the command line) makes any account, a coordinator those of the roster."""
    if actor.is_system or actor.has(Role.SYSADMIN):
        return True
    return may(actor, Deed.KEEP_ROSTER) and roles <= ROSTER_ROLES


def may_reset_password(actor: Actor, roles: frozenset[Role], areas: frozenset[int]) -> bool:
    """A coordinator helps enterprises and officers of his own area, the city's helps all of them.

    Somebody who holds any other role beside, or stands for enterprises of several areas, is not one area's to reset:
    whoever resets a password could use it. Everybody else's is a system administrator's, but the other two
    administrators' only the command line's: none of the three may become another.
    """
    if actor.is_system:
        return True
    if actor.has(Role.SYSADMIN):
        return not roles <= ROSTER_ROLES and not roles & (ADMINISTRATORS - {Role.SYSADMIN})
    if not may(actor, Deed.RESET_PASSWORD) or not roles <= ROSTER_ROLES:
        return False
    return actor.area_id is None or areas == {actor.area_id}


def may_put_out(actor: Actor, account_id: int) -> bool:
    """停用: a system administrator, anybody but himself."""
    return actor.has(Role.SYSADMIN) and actor.account_id != account_id


def may_put_back(actor: Actor, account_id: int, roles: frozenset[Role]) -> bool:
    """启用: a system administrator; for an administrator's account the security one: it takes both to make one."""
    keeper = Role.SECADMIN if roles & ADMINISTRATORS else Role.SYSADMIN
    return actor.has(keeper) and actor.account_id != account_id


def may_set_roles(actor: Actor, account_id: int) -> bool:
    """Who may be what: a security administrator, of anybody but himself."""
    return may(actor, Deed.KEEP_ROLES) and actor.account_id != account_id


def may_correct(actor: Actor, roles: frozenset[Role]) -> bool:
    """Name, telephone, post: people of the roster are kept by coordinators, all others by a system administrator."""
    return actor.has(Role.SYSADMIN) and not roles <= ROSTER_ROLES


def may_unlock(actor: Actor) -> bool:
    return actor.is_system or actor.has(Role.SECADMIN)


def may_end_sessions(actor: Actor, account_id: int) -> bool:
    return actor.is_system or actor.account_id == account_id or actor.has(Role.SYSADMIN, Role.SECADMIN)
