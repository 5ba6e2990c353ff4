"""督办: formal pressure in three levels. Proposed by the ladder, issued by a supervisor, replied to by its addressee.

The number (`聊助企督〔2026〕3号`) is given at signing and has no gaps; a void one is kept.
"""

from dataclasses import dataclass

from assist.domain.status import ClockHolder, Step, Worded


class SupervisionLevel(Worded):
    NOTICE = "1", "提示函", "soon"
    ORDER = "2", "督办单", "late"
    KEY_ORDER = "3", "重点督办单", "late"


class SupervisionStatus(Worded):
    PROPOSED = "proposed", "建议", "gr"
    ISSUED = "issued", "待反馈", "soon"
    REPLIED = "replied", "已反馈", "inf"
    ACCEPTED = "accepted", "已认可", "ok"
    RAISED = "raised", "已升级", "late"
    VOID = "void", "已作废", "gr"
    DISMISSED = "dismissed", "不予督办", "gr"  # a proposal that a supervisor did not follow: it has no number


S = SupervisionStatus
UNISSUED = frozenset({S.PROPOSED, S.DISMISSED})
SUPERVISION_OPEN = frozenset({S.ISSUED, S.REPLIED})


class Addressee(Worded):
    """To whom a 督办 goes: the owner of the ticket, a unit that has a task of it, or the area's coordinators."""

    OWNER = "owner", "责任专员"
    UNIT = "unit", "承办单位"
    AREA = "area", "县（市、区）助企办"

    @property
    def holder(self) -> ClockHolder:
        """Who owes the reply."""
        return _HOLDERS[self]


_HOLDERS = {
    Addressee.OWNER: ClockHolder.OWNER,
    Addressee.UNIT: ClockHolder.UNIT,
    Addressee.AREA: ClockHolder.COORDINATOR,
}
# To whom a proposal is addressed, by who held the clock that was late; others' lateness proposes nothing.
ADDRESSED: dict[ClockHolder, Addressee] = {
    ClockHolder.OWNER: Addressee.OWNER,
    ClockHolder.UNIT: Addressee.UNIT,
    ClockHolder.COORDINATOR: Addressee.AREA,
}


class SupervisionAction(Worded):
    """An act on a supervision; its value is the URL's word."""

    ISSUE = "issue", "签发"
    DISMISS = "dismiss", "不予督办"
    REPLY = "reply", "反馈"
    ACCEPT = "accept", "认可"
    RAISE = "raise", "升级督办"
    VOID = "void", "作废"


A = SupervisionAction


@dataclass(frozen=True)
class SupervisionMove:
    """From any of `sources` to `target`."""

    sources: frozenset[SupervisionStatus]
    target: SupervisionStatus


SUPERVISION_MOVES: dict[SupervisionAction, SupervisionMove] = {
    A.ISSUE: SupervisionMove(frozenset({S.PROPOSED}), S.ISSUED),
    A.DISMISS: SupervisionMove(frozenset({S.PROPOSED}), S.DISMISSED),
    A.REPLY: SupervisionMove(frozenset({S.ISSUED}), S.REPLIED),
    A.ACCEPT: SupervisionMove(frozenset({S.REPLIED}), S.ACCEPTED),
    # Of one that is not replied to only when its time has passed (`supervising`).
    A.RAISE: SupervisionMove(SUPERVISION_OPEN, S.RAISED),
    A.VOID: SupervisionMove(SUPERVISION_OPEN, S.VOID),
}


def is_supervision_act_legal(
    action: SupervisionAction, status: SupervisionStatus, level: SupervisionLevel
) -> bool:
    """Whether `action` may be done to a supervision of this level in `status`, whoever asks."""
    if action is A.RAISE and next_level(level) is None:
        return False
    return status in SUPERVISION_MOVES[action].sources


def next_level(level: SupervisionLevel) -> SupervisionLevel | None:
    """提示函 → 督办单 → 重点督办单; None behind the last."""
    levels = list(SupervisionLevel)
    place = levels.index(level) + 1
    return levels[place] if place < len(levels) else None


PROPOSED_BY: dict[Step, SupervisionLevel] = {
    Step.ESCALATE_1: SupervisionLevel.NOTICE,
    Step.ESCALATE_2: SupervisionLevel.ORDER,
    Step.ESCALATE_3: SupervisionLevel.KEY_ORDER,
}
PREFIX = "聊助企督"
