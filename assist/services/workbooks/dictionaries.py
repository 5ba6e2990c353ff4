"""What is known before a sheet is read, handed in as plain values: a frozen picture of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AreaName:
    code: str
    name: str
    aliases: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitName:
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownOfficer:
    """An account of a 服务专员."""

    name: str
    phone: str
    unit: str = ""


@dataclass(frozen=True)
class KnownContact:
    """An account of an 企业联系人."""

    name: str
    phone: str


@dataclass(frozen=True)
class Dictionaries:
    """`categories` and `tickets` by name and number; `enterprises`: registered name by credit code.

    `phones`: by credit code the numbers of the officer and of the main contact, for what comes back with them hidden.
    """

    areas: tuple[AreaName, ...]
    chains: tuple[str, ...]
    categories: Mapping[str, str] = field(default_factory=dict)
    units: tuple[UnitName, ...] = ()
    enterprises: Mapping[str, str] = field(default_factory=dict)
    officers: tuple[KnownOfficer, ...] = ()
    contacts: tuple[KnownContact, ...] = ()
    tickets: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    city_name: str = "聊城市"
