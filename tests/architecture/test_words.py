"""Every value a person can meet has a Chinese word."""

import importlib
import re
from enum import Enum

from tests.architecture.source import modules

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Never shown: how a person stands to a ticket, and what the policy is asked about.
UNSHOWN = {"Relation", "TaskRelation", "Deed"}


def enums() -> list[type[Enum]]:
    found = []
    for module in modules():
        if module.place != "domain":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, Enum)
                and value.__module__ == module.name
                and len(value)
            ):
                found.append(value)
    return found


def test_there_are_enums_to_look_at() -> None:
    assert len(enums()) > 10


def test_every_enum_value_has_a_label() -> None:
    bare = [
        f"{kind.__name__}.{member.name}"
        for kind in enums()
        if kind.__name__ not in UNSHOWN
        for member in kind
        if not CHINESE.search(str(getattr(member, "title", "") or getattr(member, "label", "")))
    ]
    assert not bare
