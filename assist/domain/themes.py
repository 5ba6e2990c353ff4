"""共性问题: tickets of several enterprises under one solution: gathered, answered, published to help others.

open → solved → published; a published one may be withdrawn, an open or solved one closed. Which act is legal when is
said here, who may do it by `policy` (KEEP_THEMES; of a ticket by its own act `group`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assist.domain.search_tokens import normalise
from assist.domain.status import Worded

SUGGESTED_FROM = 3  # enterprises with the same category and words before a theme is suggested
SUGGESTED_WITHIN = 90  # calendar days


class ThemeStatus(Worded):
    OPEN = "open", "研究中", "soon"
    SOLVED = "solved", "已形成方案", "ok"
    PUBLISHED = "published", "已公开", "inf"
    CLOSED = "closed", "已撤销", "gr"


class ThemeAction(Worded):
    """An act on a theme; its value is the URL's word."""

    ADD = "add", "列入诉求"
    REMOVE = "remove", "移出诉求"
    EDIT = "edit", "修改"
    SOLVE = "solve", "形成方案"
    PUBLISH = "publish", "公开"
    WITHDRAW = "withdraw", "撤回公开"
    CLOSE = "close", "撤销"


@dataclass(frozen=True)
class ThemeMove:
    """From any of `sources` to `target` (None: the state stays)."""

    sources: frozenset[ThemeStatus]
    target: ThemeStatus | None = None


S, A = ThemeStatus, ThemeAction
_LIVE = frozenset({S.OPEN, S.SOLVED, S.PUBLISHED})
HAS_SOLUTION = frozenset({S.SOLVED, S.PUBLISHED})

THEME_MOVES: dict[ThemeAction, ThemeMove] = {
    A.ADD: ThemeMove(_LIVE),
    A.REMOVE: ThemeMove(_LIVE),
    A.EDIT: ThemeMove(frozenset({S.OPEN, S.SOLVED})),
    A.SOLVE: ThemeMove(frozenset({S.OPEN}), S.SOLVED),
    A.PUBLISH: ThemeMove(frozenset({S.SOLVED}), S.PUBLISHED),
    A.WITHDRAW: ThemeMove(frozenset({S.PUBLISHED}), S.SOLVED),
    A.CLOSE: ThemeMove(frozenset({S.OPEN, S.SOLVED}), S.CLOSED),
}
# What a keeper does to the theme itself, as against to one ticket in it.
KEEPERS_ACTS = (A.EDIT, A.SOLVE, A.PUBLISH, A.WITHDRAW, A.CLOSE)


def is_theme_act_legal(action: ThemeAction, status: ThemeStatus) -> bool:
    return status in THEME_MOVES[action].sources


_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
_PLAIN = re.compile(r"[\s·・.,，。（）()\-—_]+")


def gives_away(text: str, names: Iterable[str]) -> str:
    """What in a text would tell whose ticket it was: an enterprise's name, a mobile number, a credit code; else empty.

    Spaces and points between characters, width and case hide nothing.
    """
    plain = _PLAIN.sub("", normalise(text))
    for name in names:
        bare = _PLAIN.sub("", normalise(name))
        if len(bare) > 1 and bare in plain:
            return name
    digits = _PHONE.search(re.sub(r"[\s\-]+", "", normalise(text)))
    code = _CODE.search(normalise(text).upper())
    return digits.group() if digits else code.group() if code else ""
