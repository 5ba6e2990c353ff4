"""文书: which documents there are, and the plain form in which each is told before it is drawn as a page or as Word.

A document is a `Paper`: head, blocks, signatures, perhaps a part to send back. What fills one is a function in
`services.queries.papers`; how it looks is `templates/documents/` (page, print) and `documents/` (.docx). A new kind is
a row in `SPECS` and such a function.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from assist.domain.roles import Role
from assist.domain.status import Worded


class DocumentKind(Worded):
    """Its value is the URL's word."""

    TICKET = "ticket", "企业诉求办理单"
    TASK = "task", "承办任务交办单"
    DEFERRAL = "deferral", "延期申请单"
    DECLINE = "decline", "不予受理告知书"
    SUPPLEMENT = "supplement", "补正告知书"
    SUPERVISION = "supervision", "督办文书"
    COMPLETION = "completion", "办结报告"
    HANDOVER = "handover", "服务专员工作交接单"
    VISIT = "visit", "走访记录表"
    CARD = "card", "企业服务卡"
    BULLETIN = "bulletin", "月度通报"
    WEEK = "week", "周调度表"


D = DocumentKind
CASE_SIDE = frozenset({Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR})
WITH_UNITS = CASE_SIDE | {Role.UNIT}


@dataclass(frozen=True)
class DocumentSpec:
    """`scanned_by`: who may put the stamped scan beside it. `prefix`: of its 文号, where it bears one of its own."""

    scanned_by: frozenset[Role] = CASE_SIDE
    prefix: str = ""


SPECS: dict[DocumentKind, DocumentSpec] = {
    D.TICKET: DocumentSpec(),
    D.TASK: DocumentSpec(WITH_UNITS),
    D.DEFERRAL: DocumentSpec(WITH_UNITS),
    D.DECLINE: DocumentSpec(prefix="聊助企不受"),
    D.SUPPLEMENT: DocumentSpec(prefix="聊助企补"),
    D.SUPERVISION: DocumentSpec(WITH_UNITS),
    D.COMPLETION: DocumentSpec(),
    D.HANDOVER: DocumentSpec(),
    D.VISIT: DocumentSpec(),
    D.CARD: DocumentSpec(frozenset()),
    D.BULLETIN: DocumentSpec(frozenset({Role.SUPERVISOR}), prefix="聊助企通报"),
    D.WEEK: DocumentSpec(frozenset({Role.SUPERVISOR, Role.COORDINATOR})),
}
OF_TICKET = (D.TICKET, D.COMPLETION, D.DECLINE, D.SUPPLEMENT)
SIGNERS = ("拟稿", "核稿", "签发")


@dataclass(frozen=True)
class Heading:
    """一、督办事项"""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Words:
    """Paragraphs: each line of the text is one."""

    text: str
    kind: str = field(default="words", init=False)

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Form:
    """A table of labels and values: a row is (label, value) over the whole width, or (label, value, label, value)."""

    rows: tuple[tuple[str, ...], ...]
    kind: str = field(default="form", init=False)


@dataclass(frozen=True)
class Grid:
    """A table with a head."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = field(default="grid", init=False)


Block = Heading | Words | Form | Grid


@dataclass(frozen=True)
class Receipt:
    """回执联, to be cut off and sent back."""

    title: str
    form: Form


@dataclass(frozen=True)
class Scan:
    """A stamped scan that lies beside it."""

    id: int
    name: str
    size: int
    who: str
    at: datetime


@dataclass(frozen=True)
class Paper:
    """One document as its reader may read it. `no`: its word in the URL; `number`: 文号 or the number of what it tells;
    `about`: the place its QR code leads to; `office`: stands red above an official letter; `warning`:
    why it is no document yet; `scans`: where they came along with what it tells.
    """

    kind: DocumentKind
    no: str
    title: str
    number: str
    about: str
    blocks: tuple[Block, ...]
    office: str = ""
    addressee: str = ""
    closing: tuple[str, ...] = ()
    signers: tuple[tuple[str, str], ...] = tuple((name, "") for name in SIGNERS)
    receipt: Receipt | None = None
    warning: str = ""
    phone: str = ""
    code_says: str = "扫码查看办理情况"
    scans: tuple[Scan, ...] | None = None

    @property
    def code_words(self) -> str:
        """What stands beside the QR code."""
        phone = f"　联系电话：{self.phone}" if self.phone else ""
        return f"{self.number or self.title}　{self.code_says}{phone}"

    @property
    def file_name(self) -> str:
        return f"{self.title}（{self.number or self.no}）"


def signed(draft: str = "", approved: str = "", issued: str = "") -> tuple[tuple[str, str], ...]:
    """拟稿 / 核稿 / 签发 with the names that are known."""
    return tuple(zip(SIGNERS, (draft, approved, issued), strict=True))


def own_number(kind: DocumentKind, on: date, ticket_number: str, seq: int = 1) -> str:
    """聊助企不受〔2026〕2609210001号; the ticket's own digits, so that it is never given twice and leaves no gaps.

    `seq`: the second of its kind about the same ticket is -2.
    """
    digits = "".join(ticket_number.split("-")[1:])[2:]
    return f"{SPECS[kind].prefix}〔{on.year}〕{digits}{f'-{seq}' if seq > 1 else ''}号"

