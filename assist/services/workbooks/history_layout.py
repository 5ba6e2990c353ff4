"""The columns of ledger A, as it was kept and as it is exported now. What stands in them: `history_sheet`."""

from assist.services.workbooks.layout import PHONE_HEADINGS, Field, Kind, Layout
from assist.services.workbooks.roster_layout import (
    AREA_HEADINGS,
    CHAIN_HEADINGS,
    CODE_HEADINGS,
    ENTERPRISE_HEADINGS,
    OFFICER_HEADINGS,
)

HISTORY = Layout(
    "诉求办理台账",
    (
        Field("serial", "序号", Kind.SERIAL, ("序",)),
        Field("number", "诉求编号", Kind.TEXT, ("编号", "工单编号", "问题编号", "受理编号"), is_required=True),
        Field("enterprise_name", "企业名称", Kind.NAME, ENTERPRISE_HEADINGS, is_required=True),
        Field("credit_code", "统一社会信用代码", Kind.CODE, CODE_HEADINGS, is_required=True),
        Field("area", "县(市、区)/开发区", Kind.TEXT, AREA_HEADINGS, is_required=True),
        Field("chain", "所属产业链", Kind.TEXT, CHAIN_HEADINGS),
        Field("contact_name", "企业联系人", Kind.NAME, ("联系人", "联系人姓名")),
        Field(
            "contact_phone", "联系人电话", Kind.PHONE, ("企业联系人电话", "企业联系电话", "联系人手机"),
            after="contact_name", loose=PHONE_HEADINGS,
        ),
        Field("officer_name", "服务专员", Kind.NAME, OFFICER_HEADINGS),
        Field("officer_unit", "专员单位", Kind.NAME, ("服务专员单位", "专员所在单位", "派出单位")),
        Field("source", "来源", Kind.TEXT, ("诉求来源", "问题来源", "来源渠道")),
        Field("submitted_on", "提出时间", Kind.DAY, ("提出日期", "诉求时间", "登记时间", "提交时间"), is_required=True),
        Field("category", "诉求类别", Kind.TEXT, ("类别", "问题类别", "诉求分类")),
        Field("description", "诉求内容", Kind.TEXT, ("问题内容", "诉求事项", "存在问题", "主要诉求"), is_required=True),
        Field("wish", "期望事项", Kind.TEXT, ("企业期望", "期望", "希望解决事项")),
        Field("helpers", "协办单位", Kind.NAME, ("承办单位", "责任单位", "配合单位", "牵头单位")),
        Field("responsible", "责任人", Kind.NAME, ("办理责任人", "具体责任人")),
        Field("accepted_on", "受理时间", Kind.DAY, ("受理日期",)),
        Field("due_on", "办理时限", Kind.DAY, ("办结时限", "完成时限", "时限")),
        Field("extended_due_on", "延期后时限", Kind.DAY, ("延期时限", "延期至")),
        Field("progress", "办理进展/办理结果", Kind.TEXT, ("办理进展", "办理结果", "办理进展/结果", "办理情况")),
        Field("closed", "是否办结", Kind.CHOICE, ("办结情况", "是否完成", "办理状态"), is_required=True),
        Field("closed_on", "办结时间", Kind.DAY, ("办结日期", "完成时间")),
        Field("late", "是否超期", Kind.CHOICE, ("超期情况", "是否逾期")),
        Field("rating", "满意度", Kind.TEXT, ("满意度评价", "企业满意度", "企业评价")),
        Field("remark", "备注", Kind.TEXT, ("说明",)),
    ),
)  # fmt: skip
