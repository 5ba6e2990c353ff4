"""What the audit log says in words: the deeds, and the details kept with them. Writing it is `services.auditing`.

A deed or a detail that is new needs its line here; a test says which one is missing.
"""

import re
from datetime import datetime
from typing import Any

from assist.domain.clock import local

DEEDS: dict[str, str] = {
    "activate": "启用账号",
    "acknowledge_handover": "签认交接",
    "add_category": "增加类别",
    "add_contact": "增加企业联系人",
    "add_enterprise": "登记企业",
    "add_group_member": "加入工作组",
    "add_unit": "增加单位",
    "anchor": "每日核验锚定",
    "appoint_stand_in": "指定代办人",
    "approve_board": "批准榜单规则调整",
    "approve_ladder": "批准提醒阶梯调整",
    "approve_limit": "批准时限调整",
    "cancel_handover": "取消交接",
    "cancel_visit": "取消走访计划",
    "change_category": "修改类别",
    "change_channel": "修改发送渠道",
    "change_enterprise": "修改企业信息",
    "change_hours": "调整办公时间",
    "change_password": "修改本人密码",
    "change_person": "修改人员信息",
    "change_roles": "改变角色",
    "change_staff": "修改承办人员",
    "change_unit": "修改单位",
    "change_visit": "修改走访登记",
    "close_theme": "撤销共性问题",
    "correct_month": "更正月度数据",
    "create_account": "建立账号",
    "deactivate": "停用账号",
    "edit_theme": "修改共性问题",
    "end_pairing": "结束结对",
    "end_stand_in": "结束代办",
    "dismiss_supervision": "不予督办",
    "exceed_visits": "超出走访上限",
    "export": "导出",
    "hand_over": "办理交接",
    "hand_out_passwords": "发放初始密码",
    "import_calendar": "导入放假安排",
    "import_history": "转入原台账",
    "import_progress": "台账写入进展",
    "import_roster": "导入包联台账",
    "lock_account": "锁定账号",
    "main_contact": "设为主联系人",
    "make_theme": "建立共性问题",
    "name_restricted": "指定专项诉求办理人",
    "order_groups": "调整工作组排序",
    "pair": "结对",
    "prepare_handover": "发起交接",
    "propose_board": "提出榜单规则调整",
    "propose_ladder": "提出提醒阶梯调整",
    "propose_limit": "提出时限调整",
    "publish_month": "签发月度数据",
    "publish_theme": "公开共性问题",
    "refuse_board": "不批准榜单规则调整",
    "refuse_ladder": "不批准提醒阶梯调整",
    "refuse_limit": "不批准时限调整",
    "remove_contact": "移除企业联系人",
    "remove_group_member": "移出工作组",
    "replace_officer": "更换专员",
    "resend": "重发消息",
    "reset_password": "重置密码",
    "revoke_sessions": "结束登录",
    "scan_document": "上传盖章扫描件",
    "see_phones": "查看完整电话",
    "setting": "修改设置",
    "solve_theme": "形成共性问题方案",
    "take_document": "下载文书",
    "test_channel": "测试发送渠道",
    "unlock_account": "解除锁定",
    "withdraw_board": "撤回榜单规则调整",
    "withdraw_ladder": "撤回提醒阶梯调整",
    "withdraw_limit": "撤回时限调整",
    "withdraw_theme": "撤回公开共性问题",
}

DETAILS: dict[str, str] = {
    "account_id": "账号序号",
    "accounts": "账号",
    "address": "地址",
    "aliases": "其他叫法",
    "amount": "数量",
    "area_id": "县（市、区）序号",
    "before": "原安排",
    "bound": "截至记录",
    "category_id": "类别序号",
    "chain_id": "产业链序号",
    "change": "调整序号",
    "changed": "改动",
    "channel": "渠道",
    "channels": "渠道",
    "clocks": "顺延时限",
    "code": "代码",
    "companions": "同行人员",
    "contact": "联系人",
    "count": "数量",
    "credit_code": "信用代码",
    "days": "天数",
    "digest": "散列",
    "document": "文件",
    "enterprise": "企业",
    "events": "流转记录",
    "faults": "不符",
    "filter": "筛选",
    "first_faults": "不符情况",
    "former": "原专员",
    "from_on": "生效",
    "group_names": "工作组成员",
    "guide": "提示",
    "handover": "交接",
    "honour": "荣誉",
    "is_active": "在用",
    "is_approver": "签发人",
    "is_head": "负责人",
    "is_note_required": "须写明事项",
    "is_on": "启用",
    "is_restricted": "专项",
    "is_shielded": "隐去企业名称",
    "is_vertical": "驻聊单位",
    "job": "任务",
    "joined_on": "纳入日期",
    "kind": "类型",
    "leader_name": "牵头领导",
    "level": "级别",
    "measure": "单位",
    "message": "消息",
    "method": "方式",
    "month": "月份",
    "name": "名称",
    "needs_signature": "须签发",
    "new": "改为",
    "note": "意见",
    "number": "编号",
    "officer": "专员",
    "old": "原为",
    "people": "人员",
    "person": "人员",
    "phones": "电话",
    "place": "位次",
    "policies": "宣讲政策",
    "problems": "发现问题",
    "promises": "承诺事项",
    "reason": "原因",
    "recipients": "接收人",
    "repeat_every": "重复间隔",
    "request": "申请",
    "result": "结果",
    "roles": "角色",
    "row": "项目",
    "rows": "行数",
    "secrets": "更换的密钥",
    "short_name": "简称",
    "side": "一方",
    "situation": "主要情况",
    "span": "期间",
    "stand_in": "代办人",
    "status": "状态",
    "supervision": "督办",
    "theme": "共性问题",
    "ticket": "诉求",
    "tickets": "诉求",
    "title": "标题",
    "unit": "单位",
    "unit_id": "单位序号",
    "unit_name": "承办单位",
    "until": "至",
    "url": "地址",
    "username": "用户名",
    "usernames": "用户名",
    "visit": "走访",
}


# What stands in the subject already, in words, of a change that two decide.
_IN_SUBJECT = frozenset({"change", "kind", "row", "old", "new"})
_TWO_HANDED = ("_limit", "_ladder", "_board")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


def deed_title(deed: str) -> str:
    return DEEDS.get(deed, deed)


def detail_words(detail: dict[str, Any], deed: str = "") -> list[tuple[str, str]]:
    """(what, how it reads) of every detail that says something to people; of a change what was and what is."""
    found = []
    for name, value in detail.items():
        is_pair = deed.startswith("change_") and name != "changed" and isinstance(value, list) and len(value) == 2
        if name == "before" or (name.endswith("_id") and not is_pair):
            continue
        if name in _IN_SUBJECT and deed.endswith(_TWO_HANDED):
            continue
        text = " → ".join(value_words(one) or "无" for one in value) if is_pair else value_words(value)
        if text:
            found.append((DETAILS.get(name, name), text))
    return found


def value_words(value: Any) -> str:
    """A value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return f"{local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(value, dict):
        return "，".join(f"{what}{text}" for what, text in detail_words(value))
    if isinstance(value, list):
        return "、".join(value_words(one) or "无" for one in value)
    return str(value)
