"""Every value a person can meet has a Chinese word."""

import ast
import importlib
import re
from collections.abc import Iterator
from enum import Enum

from assist.domain.audit_words import DEEDS, DETAILS
from tests.architecture.source import dotted, modules

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Never shown: how a person stands to a ticket, and what the policy is asked about.
UNSHOWN = {"Relation", "TaskRelation", "SupervisionRelation", "Deed"}


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


def audited() -> Iterator[tuple[str, ast.Call]]:
    """Every call that writes the audit log, with where it stands."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and dotted(node.func) in ("auditing.record", "record"):
                yield module.at(node), node


def named(node: ast.expr) -> set[str]:
    """The words a deed may be: a constant, or one of two."""
    return {str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_audited_deed_and_detail_has_a_chinese_word() -> None:
    """Whoever writes something new into the audit log adds its words to `domain/audit_words.py`."""
    wrong = []
    for place, call in audited():
        if len(call.args) < 2:
            continue
        deed = call.args[1]
        if isinstance(deed, ast.Constant | ast.IfExp):
            branches = [deed.body, deed.orelse] if isinstance(deed, ast.IfExp) else [deed]
            wrong += [f"{place} deed {word}" for one in branches for word in named(one) - set(DEEDS)]
        details = {keyword.arg for keyword in call.keywords if keyword.arg}
        wrong += [f"{place} detail {name}" for name in sorted(details - set(DETAILS))]
    assert not wrong, "\n".join(wrong)


def test_every_enum_value_has_a_label() -> None:
    bare = [
        f"{kind.__name__}.{member.name}"
        for kind in enums()
        if kind.__name__ not in UNSHOWN
        for member in kind
        if not CHINESE.search(str(getattr(member, "title", "") or getattr(member, "label", "")))
    ]
    assert not bare
