"""Documents of a ticket, from its loaded page: 诉求办理单, 办结报告; 不予受理告知书 and 补正告知书."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.errors import NotFound
from assist.domain.papers import (
    Block,
    DocumentKind,
    Form,
    Grid,
    Heading,
    Paper,
    Scan,
    Words,
    own_number,
    signed,
)
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import Status
from assist.domain.transitions import Action
from assist.models import Request
from assist.services.queries import request_words
from assist.services.queries.papers.words import OFFICE, day, moment
from assist.services.queries.ticket_page import TicketPage
from assist.services.queries.ticket_rounds import RoundLine
from assist.services.work import Work

NOTHING = "—"
NUMERALS = "一二三四五六七八九十"


def sheet(work: Work, page: TicketPage) -> Paper:
    """诉求办理单: what was asked, who sees to it, what was answered, everything this reader may read of its course."""
    ticket = page.ticket
    blocks: list[Block] = [Form((*_matter(page), *_answers(page)))]
    if page.responsibility and page.responsibility.parts:
        shares = "　".join(f"{one.words} {one.days}日" for one in page.responsibility.parts)
        blocks.append(Form((("责任天数", shares), *(("超期责任方", one.words) for one in page.responsibility.late))))
    blocks += [Heading("流转轨迹"), _course(page)]
    owner = page.people.owner.name if page.people.owner else ""
    return Paper(
        kind=DocumentKind.TICKET,
        no=ticket.number,
        scans=_scans(page, DocumentKind.TICKET),
        title="企业诉求办理单",
        number=ticket.number,
        about=f"/tickets/{ticket.number}",
        blocks=tuple(blocks),
        signers=() if page.is_contact else (("责任专员", owner), ("审核", ""), ("签发", "")),
    )


def completion(work: Work, page: TicketPage) -> Paper:
    """办结报告: NotFound while the matter is open."""
    ticket = page.ticket
    if ticket.status is not Status.CLOSED:
        raise NotFound("这件诉求还没有办结，办结后才有办结报告。")
    times = tuple(
        (f"{line.kind.title}{f'（第{line.round_no}轮）' if line.round_no > 1 else ''}", moment(line.due_at), line.state)
        for line in sorted([*page.clocks.now, *page.clocks.past], key=lambda line: line.due_at)
        if not line.is_running
    )
    blocks: list[Block] = [Heading("一、基本情况"), Form(tuple(_matter(page)))]
    blocks += [Heading("二、办理结果"), Form(_answers(page))]
    if times:
        blocks += [Heading("三、时限执行"), Grid(("时限", "应于", "执行情况"), times)]
    blocks += [Heading(f"{'四' if times else '三'}、办理过程"), _course(page)]
    return Paper(
        kind=DocumentKind.COMPLETION,
        no=ticket.number,
        scans=_scans(page, DocumentKind.COMPLETION),
        title="企业诉求办结报告",
        number=ticket.number,
        about=f"/tickets/{ticket.number}",
        blocks=tuple(blocks),
        closing=(OFFICE, day(ticket.closed_at)),
    )


def decline(work: Work, page: TicketPage) -> Paper:
    """不予受理告知书 to the enterprise: reason, basis, where to go instead, and that it may ask for a review."""
    ticket = page.ticket
    asked = work.session.scalars(
        select(Request)
        .where(
            Request.ticket_id == ticket.id,
            Request.kind == RequestKind.DECLINE,
            Request.status == RequestStatus.APPROVED,
        )
        .order_by(Request.id)
    ).all()
    decided_at = asked[-1].decided_at if asked else None
    if decided_at is None:
        raise NotFound("这件诉求没有不予受理。")
    last, facts, on = asked[-1], asked[-1].facts, local_date(decided_at)
    blocks: list[Block] = [
        Words(f"你单位于{day(ticket.submitted_at)}提出的诉求“{ticket.title}”（编号{ticket.number}）收悉。经研究，决定不予受理，现告知如下："),
        Heading("一、不予受理的原因"),
        Words(last.reason),
    ]
    more = [(label, str(facts[name])) for name, label in request_words.WORDS.items() if facts.get(name)]
    for place, (label, words) in enumerate(more, 1):
        blocks += [Heading(f"{NUMERALS[place]}、{label}"), Words(words)]
    blocks += [
        Heading(f"{NUMERALS[len(more) + 1]}、如有异议"),
        Words("可在系统内申请复核，或与服务专员、市助企办联系，由未参与原决定的人员复核并答复。"),
    ]
    signers = signed(last.asked_by_name, "", last.decided_by_name)
    return _notice(work, page, DocumentKind.DECLINE, blocks, on, len(asked), signers)


def supplement(work: Work, page: TicketPage) -> Paper:
    """补正告知书 to the enterprise: what is missing and until when."""
    ticket = page.ticket
    asked = sorted(
        (one for one in page.entries if one.action is Action.REQUEST_SUPPLEMENT), key=lambda one: one.seq
    )
    if not asked:
        raise NotFound("这件诉求没有请企业补正过。")
    last = asked[-1]
    blocks = (
        Words(f"你单位于{day(ticket.submitted_at)}提出的诉求“{ticket.title}”（编号{ticket.number}）收悉。为尽快办理，请补充下列材料或说明："),
        Heading("一、需要补充的内容"),
        Words(last.text),
        Heading("二、补充方式和时限"),
        Words(
            "请在收到本告知书后5个工作日内，在系统内该件诉求下补充，或交服务专员。补充期间不计入办理时限；"
            "补充后继续办理。逾期没有补充的，按现有材料办理。"
        ),
    )
    on = local_date(last.at)
    return _notice(work, page, DocumentKind.SUPPLEMENT, blocks, on, len(asked), signed(last.who))


def _notice(
    work: Work,
    page: TicketPage,
    kind: DocumentKind,
    blocks: Sequence[Block],
    on: date,
    seq: int,
    signers: tuple[tuple[str, str], ...],
) -> Paper:
    """A 告知书 to the ticket's enterprise, the `seq`th of its kind."""
    ticket = page.ticket
    return Paper(
        kind=kind,
        no=ticket.number,
        scans=_scans(page, kind),
        title=kind.title,
        number=own_number(kind, on, ticket.number, seq),
        about=f"/tickets/{ticket.number}",
        blocks=tuple(blocks),
        office=OFFICE,
        addressee=ticket.enterprise.name,
        closing=(OFFICE, day(on)),
        signers=signers,
        phone=work.settings.oversight_phone,
    )


def _matter(page: TicketPage) -> list[tuple[str, ...]]:
    ticket, owner = page.ticket, page.people.owner
    kind = " · ".join(
        part
        for part in (
            ticket.category.name if ticket.category else "类别待定",
            ticket.type.title if ticket.type else "",
            ticket.difficulty.title if ticket.difficulty else "",
        )
        if part
    )
    rows: list[tuple[str, ...]] = [
        ("企业名称", ticket.enterprise.name),
        ("所属县区", page.area, "来源", ticket.source.title),
        ("诉求类别", kind),
        ("提交时间", moment(ticket.submitted_at), "当前状态", ticket.status.title),
        ("责任专员", f"{owner.name}　{owner.unit}" if owner else "无人主责"),
        ("标题", ticket.title),
        ("诉求内容", ticket.description),
    ]
    if ticket.wish:
        rows.append(("期望事项", ticket.wish))
    if ticket.due_at is not None:
        rows.append(("办结时限", moment(ticket.due_at)))
    return rows


def _answers(page: TicketPage) -> tuple[tuple[str, ...], ...]:
    """Each round's answer and what the enterprise said of it."""
    many = len(page.rounds) > 1
    return tuple(row for one in page.rounds for row in _round(one, f"第{one.no}轮" if many else ""))


def _round(one: RoundLine, which: str) -> list[tuple[str, ...]]:
    if one.answered_at is None:
        return []
    outcome = one.outcome.title if one.outcome else NOTHING
    rows: list[tuple[str, ...]] = [
        (f"{which}答复时间", moment(one.answered_at), "答复结果", outcome),
        (f"{which}答复内容", one.answer),
    ]
    if one.account:
        rows.append(("内部说明", one.account))
    if one.returned_at is not None:
        rows.append(("企业退回", f"{moment(one.returned_at)}　{one.return_reason}"))
    if one.confirmed_at is not None:
        result = one.result.title if one.result else NOTHING
        rows.append(("企业意见", result, one.confirmed_title or "确认", moment(one.confirmed_at)))
    if one.rating is not None:
        rows.append(("满意度", "　".join(part for part in (one.rating.title, one.rating_words) if part)))
    return rows


def _course(page: TicketPage) -> Grid:
    rows = tuple(
        (
            moment(entry.at),
            " ".join(part for part in (entry.who, entry.unit) if part),
            entry.action.title + ("（仅内部）" if entry.is_internal else ""),
            "\n".join([entry.text, *(f"附件：{file.name}" for file in entry.files)]).strip(),
        )
        for entry in page.entries
    )
    return Grid(("时间", "人员", "事项", "内容"), rows)


def _scans(page: TicketPage, kind: DocumentKind) -> tuple[Scan, ...]:
    rows = (one for one in page.beside_of("scan") if one.kind == kind.value)
    return tuple(Scan(one.id, one.text, int(one.status), one.who, one.at) for one in rows)


def offered(page: TicketPage) -> list[DocumentKind]:
    """Which documents there are of a ticket as it stands, for its reader."""
    found = [DocumentKind.TICKET]
    if page.ticket.status is Status.CLOSED:
        found.append(DocumentKind.COMPLETION)
    if page.ticket.status is Status.DECLINED:
        found.append(DocumentKind.DECLINE)
    if any(entry.action is Action.REQUEST_SUPPLEMENT for entry in page.entries):
        found.append(DocumentKind.SUPPLEMENT)
    return found

