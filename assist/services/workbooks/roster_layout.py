"""The columns of ledger B and the many headings offices give them. What stands in them: `roster_sheet`."""

from assist.services.workbooks.layout import PHONE_HEADINGS, Field, Kind, Layout

AREA_HEADINGS = (
    "县区", "区县", "县市区", "所属县区", "所在县区", "县(市、区)", "县(市、区)/开发区", "县(市、区)开发区",
    "县市区(开发区)", "所属县(市、区)", "所在县(市、区)", "属地", "所属区域",
)  # fmt: skip
CHAIN_HEADINGS = ("产业链", "所属产业链", "产业链条", "所在产业链", "所属产业", "链条")
CODE_HEADINGS = (
    "统一社会信用代码",
    "信用代码",
    "社会信用代码",
    "统一信用代码",
    "统一社会信用代码证号",
    "信用代码证号",
)
ENTERPRISE_HEADINGS = ("企业名称", "企业", "企业全称", "单位名称", "公司名称", "远航企业", "远航企业名称")
OFFICER_HEADINGS = (
    "服务专员",
    "专员",
    "专员姓名",
    "服务专员姓名",
    "助企专员",
    "责任专员",
    "包联专员",
    "首席服务专员",
)

ROSTER = Layout(
    "包联台账",
    (
        Field("serial", "序号", Kind.SERIAL, ("编号", "序")),
        Field("enterprise_name", "企业名称", Kind.NAME, ENTERPRISE_HEADINGS, is_required=True),
        Field("credit_code", "统一社会信用代码", Kind.CODE, CODE_HEADINGS, is_required=True),
        Field("area", "县区", Kind.TEXT, AREA_HEADINGS, is_required=True),
        Field("chain", "产业链", Kind.TEXT, CHAIN_HEADINGS),
        Field("leader", "牵头领导", Kind.NAME, ("牵头市领导", "包联领导", "联系领导", "市级领导", "组长")),
        Field("members", "工作组成员", Kind.NAME, ("工作组", "成员", "小组成员", "工作组人员")),
        Field("officer_name", "服务专员", Kind.NAME, OFFICER_HEADINGS, is_required=True),
        Field(
            "officer_unit", "专员单位", Kind.NAME, ("服务专员单位", "专员所在单位", "派出单位", "专员工作单位"),
            is_required=True, after="officer_name", loose=("单位", "工作单位", "所在单位"),
        ),
        Field("officer_title", "职务", Kind.NAME, ("专员职务", "职务职级", "单位职务", "职级")),
        Field(
            "officer_phone", "专员电话", Kind.PHONE, ("服务专员电话", "专员联系电话", "专员手机", "专员手机号"),
            is_required=True, after="officer_name", loose=PHONE_HEADINGS,
        ),
        Field("contact_name", "企业联系人", Kind.NAME, ("联系人", "企业联络员", "联系人姓名"), is_required=True),
        Field(
            "contact_phone", "联系人电话", Kind.PHONE,
            ("企业联系人电话", "企业联系电话", "联系人手机", "联系人手机号", "联系人联系电话", "企业电话"),
            is_required=True, after="contact_name", loose=PHONE_HEADINGS,
        ),
    ),
)  # fmt: skip
