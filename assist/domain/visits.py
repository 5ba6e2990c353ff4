"""走访 and 无事不扰: what counts as a contact that disturbs an enterprise, and how a visit stands."""

from assist.domain.status import Worded


class VisitKind(Worded):
    """All of these count against an enterprise's month; calls on its own open tickets do not."""

    VISIT = "visit", "走访"
    SURVEY = "survey", "调研"
    MEETING = "meeting", "会议"
    REPORT = "report", "报送材料"


class VisitStatus(Worded):
    PLANNED = "planned", "已计划", "inf"
    DONE = "done", "已登记", "ok"
    CANCELLED = "cancelled", "已取消", "gr"
    JOINED = "joined", "已合并", "gr"


COUNTED = frozenset({VisitStatus.PLANNED, VisitStatus.DONE})
MONTHLY_BUDGET = 4  # counted visits an enterprise a month, by default
