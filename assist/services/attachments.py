"""附件: files come in (checked, cleaned, stored by content), become rows of a ticket's event, and go out again.

`receive` works on the disk alone and belongs before the transaction: pictures take time, and SQLite has one writer.
`attach` writes the rows. The good files of a form that failed are kept by signed tokens. Not here: what a file may be
(`file_kinds`), where it lies (`file_store`).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Protocol

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain import file_names, policy
from assist.domain.errors import Invalid, NotFound
from assist.models import Attachment, DocumentScan, Ticket
from assist.services import access, file_kinds, pictures, task_access
from assist.services.file_faults import EMPTY, UNSUPPORTED, BadFile
from assist.services.file_store import CHUNK, Store
from assist.services.work import Work

MB = 1024 * 1024
MOST_FILES = 9
MOST_EACH = 20 * MB
MOST_TOGETHER = 60 * MB
KEPT_FOR = timedelta(hours=24)
TOO_BIG = f"超过{MOST_EACH // MB}MB，请压缩或分开后再选择。"
FULL = f"没有收下，同一件诉求的文件合计不能超过{MOST_TOGETHER // MB}MB。"
NO_ROOM = "文件暂时没能存下，请稍后再试，或先提交文字、以后再补文件。"
EXPIRED = "之前选的文件有一部分已过期，请重新选择。"
_log = logging.getLogger(__name__)


class Sent(Protocol):
    """A file as an entrance hands it over (werkzeug's FileStorage fits)."""

    @property
    def filename(self) -> str | None: ...

    @property
    def stream(self) -> IO[bytes]: ...


@dataclass(frozen=True)
class Received:
    """A file that is stored and belongs to nothing yet."""

    name: str
    extension: str
    mime: str
    size: int
    digest: str


@dataclass(frozen=True)
class Room:
    """How much an act may still bring: files by the act, bytes by the ticket."""

    files: int = MOST_FILES
    bytes: int = MOST_TOGETHER

    def less(self, received: Sequence[Received]) -> "Room":
        return Room(self.files - len(received), self.bytes - sum(one.size for one in received))


class FilesRefused(Invalid):
    """Some files cannot be taken. `sentences` name each; `received` are the good ones, which need not be sent again."""

    def __init__(self, sentences: Sequence[str], received: Sequence[Received]) -> None:
        super().__init__("".join(sentences), "files")
        self.sentences = list(sentences)
        self.received = list(received)


def room(session: Session, ticket_id: int | None) -> Room:
    """What a ticket (None: a new one) has room for."""
    if ticket_id is None:
        return Room()
    used = session.scalar(select(func.sum(Attachment.size)).where(Attachment.ticket_id == ticket_id))
    return Room(bytes=MOST_TOGETHER - int(used or 0))


def receive(store: Store, files: Iterable[Sent], room: Room | None = None) -> list[Received]:
    """Check and store what was sent; inputs left empty are passed over. Raises FilesRefused naming every bad file."""
    left = room or Room()
    chosen = [file for file in files if file.filename]
    received: list[Received] = []
    sentences: list[str] = []
    if len(chosen) > left.files:
        surplus = "、".join(f"“{file_names.shown(file.filename)}”" for file in chosen[left.files :][:3])
        sentences.append(f"一次最多上传{MOST_FILES}个文件，{surplus}等{len(chosen) - left.files}个没有收下。")
    for file in chosen[: max(left.files, 0)]:
        try:
            one = _taken(store, file, left.less(received).bytes)
        except BadFile as bad:
            sentences.append(f"{file_names.shown(file.filename)}：{bad.reason}")
        except OSError:
            _log.exception("a file could not be stored")
            sentences.append(NO_ROOM)
            break
        else:
            if one not in received:
                received.append(one)
    if sentences:
        raise FilesRefused(sentences, received)
    return received


def _taken(store: Store, file: Sent, bytes_left: int) -> Received:
    stem, extension = file_names.clean(file.filename)
    if extension not in file_kinds.ACCEPTED:
        raise BadFile(UNSUPPORTED)
    with store.scratch() as path:
        _save(file.stream, path)
        extension = file_kinds.checked(path, extension)
        if extension in file_kinds.PICTURES:
            with store.scratch() as clean:
                extension = pictures.rewrite(path, extension, clean)
                return _admitted(store, clean, stem, extension, bytes_left)
        return _admitted(store, path, stem, extension, bytes_left)


def _save(stream: IO[bytes], path: Path) -> None:
    size = 0
    with path.open("wb") as target:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MOST_EACH:
                raise BadFile(TOO_BIG)
            target.write(chunk)
    if size == 0:
        raise BadFile(EMPTY)


def _admitted(store: Store, path: Path, stem: str, extension: str, bytes_left: int) -> Received:
    size = path.stat().st_size
    if size > bytes_left:
        raise BadFile(FULL)
    name = file_names.joined(stem, extension)
    return Received(name, extension, file_kinds.MIMES[extension], size, store.admit(path))


def attach(
    work: Work,
    store: Store,
    ticket: Ticket,
    event_seq: int,
    received: Sequence[Received],
    *,
    is_visible: bool = True,
) -> list[Attachment]:
    """Make received files part of a ticket, with the event that brought them. Raises Invalid when they do not fit."""
    if not received:
        return []
    left = room(work.session, ticket.id).less(received)
    if left.bytes < 0 or left.files < 0:
        raise Invalid(f"文件{FULL}", "files")
    rows = []
    for one in received:
        store.renew(one.digest)
        if not store.has(one.digest):
            raise Invalid(EXPIRED, "files")
        rows.append(
            Attachment(
                ticket_id=ticket.id,
                event_seq=event_seq,
                name=one.name,
                extension=one.extension,
                mime=one.mime,
                size=one.size,
                digest=one.digest,
                is_visible=is_visible,
                uploaded_by_id=work.actor.account_id,
                at=work.now,
            )
        )
    work.session.add_all(rows)
    work.session.flush()
    return rows


def keep(work: Work, store: Store, received: Received) -> str:
    """A token by which this account may hand in a stored file with its corrected form, within a day."""
    store.renew(received.digest)
    values = [work.actor.account_id, int(work.now.timestamp()), *astuple(received)]
    return str(_signer(store).dumps(values))


def kept(work: Work, store: Store, tokens: Iterable[str]) -> list[Received]:
    """The files behind tokens. Raises Invalid when one is forged, another's, a day old, or its file is gone."""
    found: list[Received] = []
    for token in tokens:
        try:
            account_id, at, *values = _signer(store).loads(token)
        except BadSignature:
            raise Invalid(EXPIRED, "files") from None
        received = Received(*values)
        is_fresh = timedelta(0) <= work.now - datetime.fromtimestamp(at, work.now.tzinfo) <= KEPT_FOR
        if account_id != work.actor.account_id or not is_fresh or not store.has(received.digest):
            raise Invalid(EXPIRED, "files")
        if received not in found:
            found.append(received)
    return found


def _signer(store: Store) -> URLSafeSerializer:
    return URLSafeSerializer(store.secret, salt="kept-file")


def listed(work: Work, ticket: Ticket) -> list[Attachment]:
    """The files of a ticket that the actor may read, in order."""
    query = select(Attachment).where(Attachment.ticket_id == ticket.id)
    if not policy.may_read_internal(access.standing(work, ticket)):
        query = query.where(Attachment.is_visible)
    return list(work.session.scalars(query.order_by(Attachment.event_seq, Attachment.id)))


def find(work: Work, attachment_id: int) -> Attachment:
    """A file if the actor may read it, by its ticket or by his unit's task.

    Raises NotFound for an unknown one and for another's alike.
    """
    found = work.session.get(Attachment, attachment_id) if 0 < attachment_id < 2**31 else None
    if found is None:
        raise NotFound()
    if task_access.reads_file(work, found):
        return found
    ticket = access.ticket_by_id(work, found.ticket_id)
    if found.is_visible:
        return found
    if not policy.may_read_internal(access.standing(work, ticket)) or task_access.is_draft(work, found):
        raise NotFound()
    return found


def remove_orphans(session: Session, store: Store, older_than: datetime) -> int:
    """Remove stored contents that no row names and nobody has used since; returns how many.

    `older_than` is by the machine's own clock, as the ages of files are, whatever time a rehearsal runs as of; and
    further back than `KEPT_FOR`, or files kept for an open form would go.
    """
    old = [digest for digest, at in store.contents() if at < older_than]
    removed = 0
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        used = set[str]()
        for named in (Attachment.digest, DocumentScan.digest):
            used.update(session.scalars(select(named).where(named.in_(batch))))
        removed += sum(store.drop(digest, older_than) for digest in batch if digest not in used)
    return removed + store.drop_scratch(older_than)
