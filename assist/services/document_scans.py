"""已盖章扫描件: the stamped scan put beside its document; nothing is ever taken away again. Each is logged."""

from collections.abc import Sequence

from sqlalchemy import select

from assist.domain.errors import Forbidden, Invalid, NotFound
from assist.domain.papers import SPECS, DocumentKind, Paper, Scan
from assist.models import DocumentScan
from assist.services import auditing
from assist.services.attachments import EXPIRED, Received
from assist.services.file_store import Store
from assist.services.work import Work

MOST = 20
EXTENSIONS = frozenset({"pdf", "ofd", "jpg", "png"})


def may_add(work: Work, paper: Paper) -> bool:
    """Whether the actor, who may see the document, may put a scan beside it; none belongs to a mere draft."""
    allowed = SPECS[paper.kind].scanned_by
    return bool(allowed) and work.actor.has(*allowed) and not paper.warning


def add(work: Work, store: Store, paper: Paper, received: Sequence[Received]) -> int:
    """How many were new. Raises Forbidden and Invalid (none chosen, no scan, too many)."""
    if not may_add(work, paper):
        raise Forbidden("这份文书的扫描件不由您上传。")
    if not received:
        raise Invalid("请选择盖章后的扫描件（PDF、OFD 或图片）。", "files")
    if any(one.extension not in EXTENSIONS for one in received):
        raise Invalid("扫描件请用 PDF、OFD 或图片（jpg、png、heic）。", "files")
    there = _rows(work, paper)
    known = {one.digest for one in there}
    new = [one for one in received if one.digest not in known]
    if len(there) + len(new) > MOST:
        raise Invalid(f"一份文书最多{MOST}个扫描件。", "files")
    for one in new:
        store.renew(one.digest)
        if not store.has(one.digest):
            raise Invalid(EXPIRED, "files")
        work.session.add(
            DocumentScan(
                kind=paper.kind,
                no=paper.no,
                name=one.name,
                extension=one.extension,
                mime=one.mime,
                size=one.size,
                digest=one.digest,
                uploaded_by_id=work.actor.account_id,
                uploaded_by_name=work.actor.name,
                at=work.now,
            )
        )
        auditing.record(work, "scan_document", paper.title, number=paper.number, name=one.name)
    work.session.flush()
    return len(new)


def scans(work: Work, paper: Paper) -> list[Scan]:
    """Those of a document its reader has loaded, the newest first; of a ticket's they came along already."""
    if paper.scans is not None:
        return sorted(paper.scans, key=lambda one: -one.id)
    return [Scan(one.id, one.name, one.size, one.uploaded_by_name, one.at) for one in _rows(work, paper)]


def _rows(work: Work, paper: Paper) -> list[DocumentScan]:
    query = select(DocumentScan).where(DocumentScan.kind == paper.kind, DocumentScan.no == paper.no)
    return list(work.session.scalars(query.order_by(DocumentScan.id.desc())))


def find(work: Work, kind: DocumentKind, no: str, scan_id: int) -> DocumentScan:
    """A scan of a document its reader has loaded. Raises NotFound."""
    found = work.session.get(DocumentScan, scan_id)
    if found is None or (found.kind, found.no) != (kind, no):
        raise NotFound()
    return found
