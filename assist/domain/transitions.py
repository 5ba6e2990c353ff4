"""Every act on a ticket and the moves it makes: one table, read before anything is written.

A row says from which statuses an act is legal and where it may lead; `None` means the status stays. Whether this
person may do it is `policy`; what the act needs and does is the service of the same verb. The acts of later
stages (merge, callback by request, instruct, decided requests) get rows of their own here.
"""

from dataclasses import dataclass

from assist.domain.status import OPEN, Status, Worded

S = Status


class Action(Worded):
    SUBMIT = "submit", "提交诉求"
    COMMENT = "comment", "补充说明"
    REQUEST_SUPPLEMENT = "request_supplement", "请企业补正"
    SUPPLEMENT = "supplement", "补正"
    SUPPLEMENT_END = "supplement_end", "补正期满"
    ACCEPT = "accept", "受理"
    CONTACT = "contact", "记录联系"
    OPINION = "opinion", "填写初步意见"
    FIRST_RESPONSE = "first_response", "首联登记"
    PROGRESS = "progress", "反馈进展"
    ANSWER = "answer", "答复"
    CORRECT_ANSWER = "correct_answer", "更正答复"
    OPEN_ANSWER = "open_answer", "查看答复"
    CONFIRM = "confirm", "确认办结"
    RETURN = "return", "请继续办理"
    LAPSE = "lapse", "逾期未确认办结"
    RATE = "rate", "评价"
    REOPEN = "reopen", "重新办理"
    WITHDRAW = "withdraw", "撤回"
    NUDGE = "nudge", "催办"
    VERIFY_ENTRY = "verify_entry", "核对代录内容"
    VERIFY_CONTACT = "verify_contact", "核对联系记录"
    REASSIGN = "reassign", "变更责任专员"
    ESCALATE = "escalate", "提请协调"
    IMPORT = "import", "原台账转入"

    @property
    def slug(self) -> str:
        """The name as it stands in a URL."""
        return str(self.value).replace("_", "-")


@dataclass(frozen=True)
class Move:
    """From any of `sources` to one of `targets`; no targets: the status stays as it is.

    `versioned` acts carry the version they read and a stale one changes nothing; the others only add.
    """

    sources: frozenset[Status]
    targets: frozenset[Status] = frozenset()
    versioned: bool = True


def _move(sources: set[Status] | frozenset[Status], *targets: Status, versioned: bool = True) -> Move:
    return Move(frozenset(sources), frozenset(targets), versioned)


MOVES: dict[Action, Move] = {
    Action.COMMENT: _move(OPEN, versioned=False),
    Action.REQUEST_SUPPLEMENT: _move({S.SUBMITTED}, S.SUPPLEMENTING),
    Action.SUPPLEMENT: _move({S.SUPPLEMENTING}, S.SUBMITTED),
    Action.SUPPLEMENT_END: _move({S.SUPPLEMENTING}, S.SUBMITTED),
    Action.ACCEPT: _move({S.SUBMITTED}, S.HANDLING),
    Action.CONTACT: _move({S.SUBMITTED, S.HANDLING}, versioned=False),
    Action.OPINION: _move({S.HANDLING}, versioned=False),
    Action.FIRST_RESPONSE: _move({S.SUBMITTED}, S.HANDLING),
    Action.PROGRESS: _move({S.HANDLING}, versioned=False),
    Action.ANSWER: _move({S.HANDLING}, S.ANSWERED),
    Action.CORRECT_ANSWER: _move({S.ANSWERED}),
    Action.OPEN_ANSWER: _move({S.ANSWERED}, versioned=False),
    Action.CONFIRM: _move({S.ANSWERED}, S.CLOSED),
    Action.RETURN: _move({S.ANSWERED}, S.HANDLING),
    Action.LAPSE: _move({S.ANSWERED}, S.CLOSED),
    Action.RATE: _move({S.CLOSED}, versioned=False),
    Action.REOPEN: _move({S.CLOSED}, S.HANDLING),
    Action.WITHDRAW: _move({S.SUBMITTED, S.SUPPLEMENTING}, S.WITHDRAWN),
    Action.NUDGE: _move(OPEN, versioned=False),
    Action.VERIFY_ENTRY: _move(frozenset(Status), versioned=False),
    Action.VERIFY_CONTACT: _move(frozenset(Status), versioned=False),
    Action.REASSIGN: _move(OPEN, versioned=False),
    Action.ESCALATE: _move(OPEN, versioned=False),
}


def is_legal(action: Action, status: Status) -> bool:
    """Whether `action` may be done to a ticket in `status`, whoever asks."""
    return action in MOVES and status in MOVES[action].sources
