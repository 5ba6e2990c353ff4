"""What the pages of settings share: the blueprint, and the table of what there is to set, for whom."""

from dataclasses import dataclass

from flask import Blueprint

from assist.domain.policy import Deed

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True)
class Entry:
    """One line of the index: where, for whom, and the deeds of the audit log that change what stands there."""

    title: str
    text: str
    endpoint: str
    deed: Deed
    audited: tuple[str, ...] = ()


# In the order of the index. Whoever makes a page of settings adds its line.
ENTRIES: tuple[Entry, ...] = (
    Entry(
        "承办单位",
        "名称、其他叫法、级别、是否签发，立即生效",
        "roster.units",
        Deed.KEEP_SETTINGS,
        ("add_unit", "change_unit"),
    ),
)
KEEPERS = (Deed.KEEP_SETTINGS, Deed.KEEP_ACCOUNTS, Deed.KEEP_ROLES, Deed.KEEP_CHANNELS)
