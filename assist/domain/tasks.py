"""承办任务: a unit's part of a ticket, its states, its acts and the moves they make; who may do them is `policy`.

asked → (dispatched) → signed → replied → accepted; returned and cancelled end it before. A city-level unit's task is
dispatched by the city coordinator first; a county's own is signed as it was asked. Rules: design 2, "Task".
"""

from dataclasses import dataclass

from assist.domain.status import Worded
from assist.domain.transitions import Action


class TaskKind(Worded):
    LEAD = "lead", "牵头"
    ASSIST = "assist", "配合"


class TaskStatus(Worded):
    ASKED = "asked", "已提请", "inf"
    DISPATCHED = "dispatched", "已核发", "inf"
    SIGNED = "signed", "已签收", "inf"
    REPLIED = "replied", "待认可", "soon"
    ACCEPTED = "accepted", "已认可", "ok"
    RETURNED = "returned", "已退回", "gr"
    CANCELLED = "cancelled", "已取消", "gr"


class TaskResult(Worded):
    """What a unit replies. `continuing` promises a date, which is a clock of its own."""

    DONE = "done", "已办理", "ok"
    PARTLY = "partly", "部分办理", "soon"
    CONTINUING = "continuing", "需继续办理", "inf"
    BEYOND_POWERS = "beyond_powers", "职权所限", "gr"


T = TaskStatus
TASK_OPEN = frozenset({T.ASKED, T.DISPATCHED, T.SIGNED, T.REPLIED})
WITH_UNIT = frozenset({T.DISPATCHED, T.SIGNED})  # and `asked` where no dispatch is needed
TASK_ENDED = frozenset(TaskStatus) - TASK_OPEN


class TaskAction(Worded):
    """An act on a task; its value is the URL's word (with `-` for `_`)."""

    DISPATCH = "dispatch", "核发"
    SIGN = "sign", "签收"
    PASS = "pass", "转交同事"
    PROGRESS = "progress", "反馈进展"
    REPLY = "reply", "反馈办理结果"
    SIGN_REPLY = "sign_reply", "签发反馈"
    HAND_BACK = "hand_back", "退回修改"
    ACCEPT_REPLY = "accept_reply", "认可"
    SEND_BACK = "send_back", "退回重报"
    CANCEL = "cancel", "取消任务"
    RETURN = "return", "退回任务"
    NUDGE = "nudge", "催办"
    REQUEST = "request", "提出申请"

    @property
    def slug(self) -> str:
        return str(self.value).replace("_", "-")

    @property
    def event(self) -> Action:
        """The act as it stands in the ticket's chain."""
        return Action.of("task_" + str(self.value))


A = TaskAction


@dataclass(frozen=True)
class TaskMove:
    """From any of `sources` to `target` (None: the state stays). `versioned` acts carry the task's version."""

    sources: frozenset[TaskStatus]
    target: TaskStatus | None = None
    versioned: bool = False


TASK_MOVES: dict[TaskAction, TaskMove] = {
    A.DISPATCH: TaskMove(frozenset({T.ASKED}), T.DISPATCHED),
    A.SIGN: TaskMove(frozenset({T.ASKED, T.DISPATCHED}), T.SIGNED),
    A.PASS: TaskMove(frozenset({T.ASKED, T.DISPATCHED, T.SIGNED})),
    A.PROGRESS: TaskMove(frozenset({T.SIGNED})),
    # The state becomes replied when the reply leaves the unit: at once, or when its approver signs.
    A.REPLY: TaskMove(frozenset({T.SIGNED}), T.REPLIED),
    A.SIGN_REPLY: TaskMove(frozenset({T.SIGNED}), T.REPLIED),
    A.HAND_BACK: TaskMove(frozenset({T.SIGNED})),
    A.ACCEPT_REPLY: TaskMove(frozenset({T.REPLIED}), T.ACCEPTED, versioned=True),
    A.SEND_BACK: TaskMove(frozenset({T.REPLIED}), T.SIGNED, versioned=True),
    A.CANCEL: TaskMove(TASK_OPEN, T.CANCELLED, versioned=True),
    A.RETURN: TaskMove(frozenset({T.ASKED, T.DISPATCHED, T.SIGNED}), T.RETURNED),
    A.NUDGE: TaskMove(TASK_OPEN),
    A.REQUEST: TaskMove(frozenset({T.ASKED, T.DISPATCHED, T.SIGNED})),
}


# 需继续办理 is a reply with a promise: the owner may accept it (the task is `signed` again, its promise running) or
# send it back; until he has spoken the unit goes on all the same, so that his silence does not make its promise late.
WHILE_PROMISED = frozenset({A.PASS, A.PROGRESS, A.REPLY, A.SIGN_REPLY, A.HAND_BACK})
# The unit has nothing in hand before the city has dispatched it.
OF_UNIT = frozenset({A.SIGN, A.PASS, A.PROGRESS, A.REPLY, A.SIGN_REPLY, A.HAND_BACK, A.RETURN, A.REQUEST})


def is_task_act_legal(
    action: TaskAction, status: TaskStatus, *, is_promised: bool = False, needs_dispatch: bool | None = None
) -> bool:
    """Whether `action` may be done to a task in `status`, whoever asks.

    `is_promised`: its last reply is 需继续办理. `needs_dispatch` None: not known, and so not asked about.
    """
    if needs_dispatch is False and action is A.DISPATCH:
        return False
    if needs_dispatch and status is T.ASKED and action in OF_UNIT:
        return False
    if is_promised and status is T.REPLIED and action in WHILE_PROMISED:
        return True
    return status in TASK_MOVES[action].sources
