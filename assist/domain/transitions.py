"""Every act on a ticket and the moves it makes: one table, read before anything is written.

A row says from which statuses an act is legal and where it may lead; `None` means the status stays. Whether this
person may do it is `policy`; what the act needs and does is the service of the same verb.
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
    MERGE = "merge", "并单"
    CALLBACK = "callback", "回访"
    OWE_CALLBACK = "owe_callback", "待回访"
    INSTRUCT = "instruct", "批示"
    REPLY_INSTRUCTION = "reply_instruction", "落实批示"
    REQUEST = "request", "提出申请"
    DECIDE = "decide", "审批"
    DROP_REQUEST = "drop_request", "申请失效"
    RESUME = "resume", "恢复办理"
    REVIEW = "review", "挂账复核"
    ASSIGN_TASK = "assign_task", "提请承办"
    TASK_DISPATCH = "task_dispatch", "核发任务"
    TASK_SIGN = "task_sign", "签收任务"
    TASK_PASS = "task_pass", "转交任务"
    TASK_PROGRESS = "task_progress", "承办进展"
    TASK_REPLY = "task_reply", "承办反馈"
    TASK_SIGN_REPLY = "task_sign_reply", "签发承办反馈"
    TASK_HAND_BACK = "task_hand_back", "承办反馈退回修改"
    TASK_ACCEPT_REPLY = "task_accept_reply", "认可承办反馈"
    TASK_SEND_BACK = "task_send_back", "退回重报"
    TASK_CANCEL = "task_cancel", "取消任务"
    TASK_RETURN = "task_return", "任务退回"
    TASK_NUDGE = "task_nudge", "催办承办单位"
    TASK_REQUEST = "task_request", "承办单位申请"
    SUPERVISE = "supervise", "督办"
    REPLY_SUPERVISION = "reply_supervision", "反馈督办"
    SETTLE_SUPERVISION = "settle_supervision", "督办处理"
    GROUP = "group", "列入共性问题"
    RECLASSIFY = "reclassify", "更正类别"

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
    Action.MERGE: _move(OPEN, S.MERGED),
    Action.CALLBACK: _move({S.ANSWERED, S.CLOSED, S.WITHDRAWN}, S.CLOSED, S.HANDLING, S.SUBMITTED),
    Action.OWE_CALLBACK: _move(frozenset(Status), versioned=False),
    Action.INSTRUCT: _move(OPEN, versioned=False),
    Action.REPLY_INSTRUCTION: _move(frozenset(Status), versioned=False),
    Action.REQUEST: _move(frozenset(Status), versioned=False),
    Action.DECIDE: _move(frozenset(Status), S.DECLINED, S.WITHDRAWN, S.SUBMITTED),
    Action.DROP_REQUEST: _move(frozenset(Status), versioned=False),
    Action.RESUME: _move({S.HANDLING}),
    Action.REVIEW: _move({S.HANDLING}),
    Action.ASSIGN_TASK: _move({S.HANDLING}, versioned=False),
    Action.SUPERVISE: _move(frozenset(Status), versioned=False),
    Action.REPLY_SUPERVISION: _move(frozenset(Status), versioned=False),
    Action.SETTLE_SUPERVISION: _move(frozenset(Status), versioned=False),
    Action.GROUP: _move(frozenset(Status), versioned=False),
    Action.RECLASSIFY: _move(OPEN),
    # What a unit and others do to a task leaves the ticket where it is; which of it is legal says `domain.tasks`.
    **{
        action: _move(frozenset(Status), versioned=False)
        for action in Action
        if action.value.startswith("task_")
    },
}


def is_legal(action: Action, status: Status) -> bool:
    """Whether `action` may be done to a ticket in `status`, whoever asks."""
    return action in MOVES and status in MOVES[action].sources
