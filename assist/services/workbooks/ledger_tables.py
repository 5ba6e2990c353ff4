"""The columns of the six ledgers, as the offices know them (design 4). Printed are those that stand in bold there.

`key` is where a value comes from: a name in the rows that `queries.ledgers` gives. `serial` counts itself.
"""

from assist.domain.ledgers import Ledger
from assist.services.workbooks.table import Column, Shape, Table

C, S = Column, Shape
SERIAL = C("serial", "序号", 5, S.NUMBER)

TICKETS = Table(
    "诉求台账",
    "企业诉求办理台账",
    (
        SERIAL,
        C("number", "诉求编号", 16.5, S.CODE),
        C("enterprise", "企业名称", 16),
        C("credit_code", "统一社会信用代码", 21, S.CODE, is_printed=False),
        C("area", "县(市、区)/开发区", 9),
        C("chain", "所属产业链", 13, is_printed=False),
        C("contact", "企业联系人", 10, is_printed=False),
        C("contact_phone", "联系电话", 14, S.PHONE, is_printed=False, is_masked=True),
        C("owner", "责任专员", 8),
        C("owner_unit", "专员单位", 20, is_printed=False),
        C("source", "来源", 11, is_printed=False),
        C("submitted_at", "提出时间", 10.5, S.DAY),
        C("type", "诉求类型", 9, is_printed=False),
        C("category", "诉求类别", 9),
        C("difficulty", "难度", 5),
        C("description", "诉求内容", 32, is_masked=True),
        C("wish", "期望事项", 26, is_printed=False, is_masked=True),
        C("units", "承办单位", 14),
        C("handlers", "责任人", 10, is_printed=False),
        C("accepted_at", "受理时间", 11, S.DAY, is_printed=False),
        C("due_at", "办理时限", 10.5, S.DAY),
        C("deferrals", "延期次数", 6, S.NUMBER, is_printed=False),
        C("extended_due_at", "延期后时限", 11, S.DAY, is_printed=False),
        C("is_suspended", "是否挂账", 6, is_printed=False),
        C("progress", "办理进展/结果", 32, is_masked=True),
        C("is_closed", "是否办结", 5),
        C("closed_at", "办结时间", 10.5, S.DAY),
        C("result", "解决情况", 13, is_printed=False),
        C("confirmed_by", "确认方式", 10, is_printed=False),
        C("returns", "重办次数", 6, S.NUMBER, is_printed=False),
        C("is_late", "是否超期", 6, is_printed=False),
        C("late_days", "超期天数", 6, S.NUMBER, is_printed=False),
        C("late_by", "超期责任方", 20, is_printed=False),
        C("rating", "满意度", 8),
        C("remark", "备注", 12, is_masked=True),
    ),
    frozen=3,
    letter=Ledger.TICKETS.letter,
)
# In the very order in which it is imported (`roster_layout.ROSTER`; a test compares them).
ROSTER = Table(
    "包联台账",
    "聊城市“助企远航”包联台账",
    (
        SERIAL,
        C("enterprise", "企业名称", 30),
        C("credit_code", "统一社会信用代码", 22, S.CODE),
        C("area", "县区", 14),
        C("chain", "产业链", 14),
        C("leader", "牵头领导", 10),
        C("members", "工作组成员", 20),
        C("officer", "服务专员", 10),
        C("officer_unit", "专员单位", 24),
        C("officer_title", "职务", 12),
        C("officer_phone", "专员电话", 14, S.PHONE, is_masked=True),
        C("contact", "企业联系人", 10),
        C("contact_phone", "联系人电话", 14, S.PHONE, is_masked=True),
    ),
    letter=Ledger.ROSTER.letter,
)
VISITS = Table(
    "走访台账",
    "走访台账",
    (
        SERIAL,
        C("enterprise", "企业", 20),
        C("who", "专员", 14),
        C("visit_on", "日期", 11, S.DAY),
        C("method", "方式", 6),
        C("situation", "主要情况", 38, is_masked=True),
        C("policies", "宣讲政策", 20, is_masked=True),
        C("problems", "发现问题", 32, is_masked=True),
        C("ticket", "已生成诉求编号", 16.5, S.CODE),
    ),
    letter=Ledger.VISITS.letter,
)
SUPERVISIONS = Table(
    "督办台账",
    "督办台账",
    (
        SERIAL,
        C("number", "文号", 20),
        C("level", "级别", 10),
        C("ticket", "诉求编号", 16.5, S.CODE),
        C("why", "事由", 32, is_masked=True),
        C("whom", "被督办单位", 18),
        C("issuer", "签发人", 8),
        C("issued_at", "签发日", 11, S.DAY),
        C("due_at", "要求期限", 16, S.MOMENT),
        C("replied_at", "反馈日", 11, S.DAY),
        C("result", "结果", 32, is_masked=True),
        C("status", "状态", 8),
    ),
    letter=Ledger.SUPERVISIONS.letter,
)
MONTH = Table(
    "月度通报",
    "“助企远航”诉求办理月度通报",
    (
        SERIAL,
        C("name", "单位", 22),
        C("due", "应办结", 8, S.NUMBER),
        C("on_time", "按期", 8, S.NUMBER),
        C("returned", "按期答复后退回", 9, S.NUMBER),
        C("late", "超期办结", 8, S.NUMBER),
        C("overdue", "超期未办结", 8, S.NUMBER),
        C("on_time_rate", "按期办结率", 11),
        C("original_rate", "原时限按期率", 11),
        C("solved_rate", "解决率", 11),
        C("satisfied_rate", "满意率", 11),
        C("rated_rate", "有效评价率", 11),
        C("reopened", "重办", 7, S.NUMBER),
        C("deferred", "延期", 7, S.NUMBER),
        C("suspended", "挂账", 7, S.NUMBER),
        C("left_out", "剔除", 7, S.NUMBER),
        C("red_cards", "红牌", 7, S.NUMBER),
        C("rank_before", "上期位次", 8),
        C("band", "榜", 10),
    ),
    is_counted=False,  # its last row comes with the figures: rates do not add up
    letter=Ledger.MONTH.letter,
)
WEEK = Table(
    "周调度表",
    "“助企远航”诉求办理周调度表",
    (
        C("name", "单位", 34),
        C("new", "新增", 14, S.NUMBER, is_total=True),
        C("closed", "办结", 14, S.NUMBER, is_total=True),
        C("open", "在办", 14, S.NUMBER, is_total=True),
        C("late", "超期", 14, S.NUMBER, is_total=True),
        C("due_next", "下周到期", 14, S.NUMBER, is_total=True),
    ),
    frozen=1,
    letter=Ledger.WEEK.letter,
)
TABLES: dict[Ledger, Table] = {
    Ledger.TICKETS: TICKETS,
    Ledger.ROSTER: ROSTER,
    Ledger.VISITS: VISITS,
    Ledger.SUPERVISIONS: SUPERVISIONS,
    Ledger.MONTH: MONTH,
    Ledger.WEEK: WEEK,
}
