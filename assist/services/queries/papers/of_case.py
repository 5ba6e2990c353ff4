"""Documents beside a ticket: 交办单 of a unit's task, 延期申请单, 提示函 / 督办单 / 重点督办单 with its 回执联."""

from assist.domain.errors import NotFound
from assist.domain.papers import Block, DocumentKind, Form, Grid, Heading, Paper, Receipt, Words, signed
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.supervision import UNISSUED
from assist.services import supervision_access, task_access
from assist.services.queries import request_page, supervisions, task_page
from assist.services.queries.papers.words import BLANK_DATE, OVERSIGHT, ROOM, day, moment, number_in
from assist.services.queries.supervisions import SupervisionRow
from assist.services.queries.task_page import TaskPage
from assist.services.work import Work


def task(work: Work, no: str) -> Paper:
    """交办单 of a task, as its reader may read it (a shielded matter without the enterprise). Raises NotFound."""
    page = task_page.load(work, task_access.task(work, no))
    one, ticket = page.task, page.ticket
    rows: list[tuple[str, ...]] = [
        ("承办单位", one.unit.shown, "承办方式", one.kind.title),
        ("企业名称", "（不公开）" if page.is_hidden else ticket.enterprise.name),
        ("诉求标题", page.title),
        ("诉求内容", page.description),
    ]
    if page.wish:
        rows.append(("期望事项", page.wish))
    rows += [("交办要求", page.ask), ("交办时间", moment(one.asked_at), "办理状态", page.status_title)]
    rows += [(line.kind.title, f"{moment(line.due_at)}　{line.state}") for line in page.clocks]
    blocks: list[Block] = [Form(tuple(rows))]
    if page.replies:
        blocks += [Heading("办理情况"), _replies(page)]
    return Paper(
        kind=DocumentKind.TASK,
        no=one.number,
        title="承办任务交办单",
        number=one.number,
        about=f"/tasks/{one.number}",
        blocks=tuple(blocks),
        signers=(("交办人", page.asked_by), ("承办人", one.handler.name if one.handler else ""), ("负责人", "")),
        receipt=Receipt(
            "承办任务回执联",
            Form(
                (
                    ("任务编号", one.number, "承办单位", one.unit.shown),
                    ("收到时间", moment(one.signed_at), "签收人", ""),
                    ("办理情况", ROOM),
                    ("填报人", "", "负责人签字（盖章）", ""),
                )
            ),
        ),
    )


def _replies(page: TaskPage) -> Grid:
    rows = tuple(
        (
            moment(one.sent_at or one.written_at),
            one.result.title,
            "\n".join(part for part in (one.text, f"依据：{one.basis}" if one.basis else "") if part),
            " / ".join(part for part in (one.writer, one.signer) if part),
            one.state,
        )
        for one in page.replies
    )
    return Grid(("时间", "结果", "内容", "填报 / 审核", "状态"), rows)


def deferral(work: Work, no: str) -> Paper:
    """延期申请单. Raises NotFound for another kind of request."""
    page = request_page.load(work, number_in(no))
    if page.request.kind is not RequestKind.DEFERRAL:
        raise NotFound()
    one = page.request
    about = one.task.number if one.task is not None else one.ticket.number
    is_decided = one.status in (RequestStatus.APPROVED, RequestStatus.REFUSED)
    rows: list[tuple[str, ...]] = [("申请事项", f"{about} 的办理时限")]
    if page.ticket is not None:
        rows += [("企业名称", page.ticket.enterprise.name), ("诉求标题", page.ticket.title)]
    rows += [
        ("申请人", one.asked_by_name, "申请时间", moment(one.asked_at)),
        ("延期原因", one.reason),
        *page.facts,
        ("审批层级", page.decider, "当前状态", one.status.title),
        ("审批意见", "\n".join(part for part in (one.status.title, one.note) if part) if is_decided else ROOM),
        ("审批人", one.decided_by_name if is_decided else "", "审批时间", moment(one.decided_at) if is_decided else ""),
    ]
    place = f"/tasks/{about}" if one.task is not None else f"/tickets/{about}"
    return Paper(
        kind=DocumentKind.DEFERRAL,
        no=str(one.id),
        title="延期申请单",
        number=f"{about}　第{one.id}号申请",
        about=place if page.ticket is not None or one.task is not None else f"/requests/{one.id}",
        blocks=(Form(tuple(rows)),),
        signers=(("申请人", one.asked_by_name), ("审核", ""), ("批准", one.decided_by_name if is_decided else "")),
    )


def supervision(work: Work, no: str) -> Paper:
    """提示函, 督办单 or 重点督办单; a proposal is drawn as a draft without number. Raises NotFound."""
    one, _ = supervision_access.supervision(work, number_in(no))
    line = supervisions.one(work, one.id)
    number, level = one.number or "（未编号）", one.level.title
    of_task = f"，承办任务{line.task_number}" if line.task_number else ""
    why = f"，{one.why}" if one.why else ""
    due = moment(line.due_at)
    blocks: list[Block] = [
        Words("现将有关事项督办如下："),
        Heading("一、督办事项"),
        Words(f"{line.enterprise}提出的诉求“{line.title}”（编号{line.ticket_number}{of_task}）{why}。"),
        Heading("二、督办要求"),
        Words(one.demand or "（签发时填写）"),
        Heading("三、反馈时限"),
        Words(
            f"请于{due or '（签发后起算）'}前书面反馈，并在系统内同步填报。逾期未反馈或反馈不符合要求的，将提级督办。"
        ),
    ]
    if line.raised_from:
        blocks.append(Words(f"本件由{line.raised_from}升级。"))
    return Paper(
        kind=DocumentKind.SUPERVISION,
        no=str(one.id),
        title=f"关于{line.task_number or line.ticket_number}号诉求办理情况的{level}",
        number=number,
        about=f"/tasks/{line.task_number}" if line.task_number else f"/tickets/{line.ticket_number}",
        blocks=tuple(blocks),
        office=OVERSIGHT,
        addressee=line.whom,
        closing=(OVERSIGHT, day(one.issued_at, BLANK_DATE)),
        signers=signed(issued=line.issued_by),
        receipt=_receipt(line, level),
        warning="尚未签发，没有文号，不能作为正式文件。" if one.status in UNISSUED else "",
        phone=work.settings.oversight_phone,
    )


def _receipt(line: SupervisionRow, level: str) -> Receipt:
    """回执联: what is known already stands in it."""
    one = line.row
    return Receipt(
        f"{level}回执联",
        Form(
            (
                ("文号", one.number or "（未编号）", "级别", level),
                ("督办对象", line.whom, "反馈时限", moment(line.due_at, "—")),
                ("收到时间", "", "签收人", ""),
                ("办理情况", one.reply or ROOM),
                ("下一步措施和完成时间", ROOM),
                ("填报人", line.replied_by, "负责人签字（盖章）", ""),
            )
        ),
    )
