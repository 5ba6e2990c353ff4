"""督办: formal pressure in three levels. Proposed by the ladder, issued by a supervisor, replied to by its addressee.

The number (`聊助企督〔2026〕3号`) is given at signing and has no gaps; a void one is kept.
"""

from assist.domain.status import Step, Worded


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


class Addressee(Worded):
    """To whom a 督办 goes: the owner of the ticket, a unit that has a task of it, or the area's coordinators."""

    OWNER = "owner", "责任专员"
    UNIT = "unit", "承办单位"
    AREA = "area", "县（市、区）助企办"


PROPOSED_BY: dict[Step, SupervisionLevel] = {
    Step.ESCALATE_1: SupervisionLevel.NOTICE,
    Step.ESCALATE_2: SupervisionLevel.ORDER,
    Step.ESCALATE_3: SupervisionLevel.KEY_ORDER,
}
PREFIX = "聊助企督"
