"""How a change of limits, ladder or boards stands: proposed by one supervisor, decided by another (design 2)."""

from assist.domain.status import Worded


class ChangeStatus(Worded):
    PROPOSED = "proposed", "待批准", "soon"
    APPROVED = "approved", "已批准", "ok"
    REFUSED = "refused", "未批准", "gr"
    WITHDRAWN = "withdrawn", "已撤回", "gr"
