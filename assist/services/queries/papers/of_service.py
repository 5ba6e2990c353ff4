"""Documents of an officer's service: 工作交接单, 走访记录表, 企业服务卡."""

from datetime import date, datetime
from typing import Any

from assist.domain.errors import NotFound
from assist.domain.papers import Block, DocumentKind, Form, Grid, Heading, Paper, Words
from assist.domain.policy import Deed, may
from assist.domain.status import Status
from assist.services.queries import handovers, visits
from assist.services.queries.enterprise_file import enterprise_file
from assist.services.queries.papers.words import OFFICE, ROOM, day, moment, number_in
from assist.services.queries.visit_month import unit_of
from assist.services.work import Work


def handover(work: Work, no: str) -> Paper:
    """工作交接单: the inventory as it is (or was when it took effect), the notes, who acknowledged. Raises NotFound."""
    if not may(work.actor, Deed.SEE_HANDOVERS):
        raise NotFound()
    page = handovers.handover(work, number_in(no))
    one, row = page.handover, page.row
    rows: list[tuple[str, ...]] = [
        ("企业名称", row.enterprise),
        ("移交专员", row.former, "接任专员", row.successor),
        ("交接原因", one.reason),
        ("准备", row.prepared_by, "准备时间", moment(one.prepared_at)),
        ("生效时间", moment(one.effective_at, "双方确认后生效"), "状态", one.status.title),
    ]
    if one.notes:
        rows.append(("交接说明", one.notes))
    for side in page.sides:
        by = f"（{side.by}代为确认：{side.reason}）" if side.by else ""
        rows.append((f"{side.side.title}确认", f"{moment(side.at)}{by}" if side.at else "尚未确认", "签字", ""))
    rows.append(("监交人", "", "日期", ""))
    blocks: list[Block] = [Form(tuple(rows)), Heading(f"交接清单（在办诉求{len(page.inventory)}件）")]
    blocks.append(Grid(("诉求", "状态", "办结时限", "承诺、任务与申请"), tuple(_owed(line) for line in page.inventory)))
    if not page.inventory:
        blocks[-1] = Words("没有在办诉求。")
    return Paper(
        kind=DocumentKind.HANDOVER,
        code_says="扫码查看交接办理情况",
        no=str(one.id),
        title="服务专员工作交接单",
        number=f"第{one.id}号",
        about=f"/handovers/{one.id}",
        blocks=tuple(blocks),
        signers=(),
    )


def _owed(line: dict[str, Any]) -> tuple[str, ...]:
    owed = [f"任务 {text}" for text in line["tasks"]] + [f"申请 {text}" for text in line["requests"]] + line["owed"]
    if line["promised_on"]:
        owed.insert(0, f"向企业承诺{day(date.fromisoformat(line['promised_on']))}前办结")
    due_at = datetime.fromisoformat(line["due_at"]) if line["due_at"] else None
    round_no = f"（第{line['round_no']}轮）" if line["round_no"] > 1 else ""
    return (
        f"{line['title']}\n{line['number']}{round_no}",
        Status.of(line["status"]).title,
        moment(due_at, "—"),
        "\n".join(owed) or "—",
    )


def visit(work: Work, no: str) -> Paper:
    """走访记录表, empty where it is still to be written. Raises NotFound."""
    if not may(work.actor, Deed.SEE_VISITS):
        raise NotFound()
    page = visits.one(work, number_in(no))
    one, row = page.visit, page.row
    along = [one.companions, *(f"{unit_of(each)}{each.who}" for each in page.along)]
    method = f"（{one.method.title}）" if one.method else ""
    said = (
        ("主要情况", one.situation),
        ("宣讲政策", one.policies),
        ("发现问题", one.problems),
        ("承诺事项", one.promises),
    )
    rows: list[tuple[str, ...]] = [
        ("企业名称", row.enterprise),
        ("县（市、区）", work.settings.areas[row.area_id].name, "日期", day(one.visit_on)),
        ("走访人", row.who, "单位", unit_of(row)),
        ("事项和方式", f"{one.kind.title}{method}", "同行人员", "，".join(part for part in along if part)),
        ("目的", one.purpose),
        *((name, text or ROOM) for name, text in said),
        ("生成诉求编号", row.ticket_number or ""),
        ("走访人签字", "", "企业签字", ""),
    ]
    return Paper(
        kind=DocumentKind.VISIT,
        code_says="扫码查看本次走访",
        no=str(one.id),
        title="“助企远航”走访记录表",
        number=f"第{one.id}号",
        about=f"/visits/{one.id}",
        blocks=(Form(tuple(rows)),),
        signers=(),
    )


def card(work: Work, no: str) -> Paper:
    """服务卡 for an enterprise's wall: its officer, whom to turn to next, what it can rely on. Raises NotFound."""
    page = enterprise_file(work, number_in(no))
    if page.is_former:
        raise NotFound()
    one, officer = page.enterprise, page.officer
    area = work.settings.areas[one.area_id].name
    rows: list[tuple[str, ...]] = [("企业名称", one.name), ("所属县区", area, "工作组", page.group or "—")]
    if officer is not None:
        rows += [
            ("服务专员", officer.name, "联系电话", officer.phone),
            ("专员单位", officer.unit or "—", "职务", officer.position or "—"),
        ]
    else:
        rows.append(("服务专员", f"正在选派，暂由{area}助企办负责"))
    if work.settings.oversight_phone:
        rows.append(("监督电话", work.settings.oversight_phone))
    promises = (
        "有问题，找专员；一件诉求，一包到底。",
        "提交后2个工作小时内联系您，4个工作小时内受理，1个工作日内给出初步意见；办结时限在受理时告知。",
        "办得好不好，由您说了算：确认办结、退回重办、评价都在系统里，别人不能代替。",
        "对办理不满意，可在系统内催办、退回，或拨打监督电话。",
    )
    return Paper(
        kind=DocumentKind.CARD,
        code_says="扫码登录，提交和查看诉求",
        no=str(one.id),
        title="“助企远航”企业服务卡",
        number=one.credit_code,
        about="/portal/",
        blocks=(Form(tuple(rows)), Heading("我们的承诺"), Words("\n".join(promises))),
        closing=(OFFICE,),
        signers=(),
        phone=work.settings.oversight_phone,
    )
