"""交接: how a handover stands. Both officers acknowledge it (a coordinator for an absent one); the second counts."""

from assist.domain.status import Worded


class HandoverStatus(Worded):
    PREPARED = "prepared", "待双方确认", "soon"
    EFFECTIVE = "effective", "已交接", "ok"
    CANCELLED = "cancelled", "已取消", "gr"
