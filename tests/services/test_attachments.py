"""Files coming in: limits, a full disk, rows, what is kept for a form and what is cleared away."""

import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, SystemTime
from assist.domain.errors import Invalid, NotFound
from assist.models import Attachment
from assist.models.engine import begin_writing
from assist.services import attachments
from assist.services.attachments import MB, FilesRefused, Room
from assist.services.file_store import Store
from assist.services.work import Work
from config import PROJECT
from tests import files
from tests.cast import Cast
from tests.files import Sent, reason, take
from tests.make import Make


def test_a_file_above_twenty_megabytes_is_refused(store: Store) -> None:
    assert "超过20MB" in reason(store, "a.pdf", files.PDF + b"\0" * (20 * MB))


def test_bad_files_are_all_named_and_the_good_ones_kept(store: Store) -> None:
    sent = [
        Sent("好.pdf", files.PDF),
        Sent("坏.exe", b"MZ"),
        Sent("空.docx", b""),
        Sent("照片.jpg", files.picture()),
    ]
    with pytest.raises(FilesRefused) as caught:
        attachments.receive(store, sent)
    assert [one.partition("：")[0] for one in caught.value.sentences] == ["坏.exe", "空.docx"]
    assert [one.name for one in caught.value.received] == ["好.pdf", "照片.jpg"]


def test_the_tenth_file_is_refused_and_nine_are_kept(store: Store) -> None:
    with pytest.raises(FilesRefused, match="最多上传9个") as caught:
        attachments.receive(
            store, [Sent(f"{number}.pdf", files.PDF + bytes([number])) for number in range(11)]
        )
    assert len(caught.value.received) == 9
    assert "“9.pdf”、“10.pdf”等2个" in str(caught.value)


def test_files_together_are_limited(store: Store) -> None:
    with pytest.raises(FilesRefused, match="合计不能超过60MB") as caught:
        attachments.receive(
            store, [Sent("a.pdf", files.PDF), Sent("b.pdf", files.PDF + b"x")], Room(bytes=len(files.PDF))
        )
    assert [one.name for one in caught.value.received] == ["a.pdf"]


def test_the_same_file_chosen_twice_is_one(store: Store) -> None:
    assert len(attachments.receive(store, [Sent("a.pdf", files.PDF), Sent("a.pdf", files.PDF)])) == 1


@contextmanager
def a_full_disk(size: int) -> Iterator[None]:
    """The kernel refuses to let any file grow beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_one_kind_sentence_and_leaves_nothing_half_written(store: Store) -> None:
    with a_full_disk(64 * 1024), pytest.raises(FilesRefused) as caught:
        attachments.receive(
            store,
            [
                Sent("小.pdf", files.PDF),
                Sent("大.pdf", files.PDF + b"x" * MB),
                Sent("又大.pdf", files.PDF + b"y" * MB),
            ],
        )
    assert caught.value.sentences == [attachments.NO_ROOM]
    assert [one.name for one in caught.value.received] == ["小.pdf"]
    assert [path.name for path in store.root.rglob("*") if path.is_file()] == [
        caught.value.received[0].digest
    ]


def test_a_folder_that_cannot_be_written_is_the_same_sentence(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("in the way")
    with pytest.raises(FilesRefused) as caught:
        attachments.receive(Store(tmp_path / "uploads", "x"), [Sent("a.pdf", files.PDF)])
    assert caught.value.sentences == [attachments.NO_ROOM]


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "\0" * 64])
def test_the_store_knows_no_path_but_that_of_a_hash(digest: str, store: Store) -> None:
    with pytest.raises(ValueError, match="sha256"):
        store.path(digest)


def test_files_become_rows_of_the_act_that_brought_them(
    session: Session, make: Make, cast: Cast, store: Store
) -> None:
    ticket = make.ticket()
    received = [take(store, "a.pdf", files.PDF), take(store, "b.jpg", files.picture())]
    begin_writing(session)
    attachments.attach(make.work(cast.chen), store, ticket, 1, received)
    attachments.attach(make.work(cast.zhang), store, ticket, 2, received[:1], is_visible=False)
    session.commit()
    own = [one.name for one in attachments.listed(make.work(cast.chen), ticket)]
    officers = [(one.name, one.event_seq) for one in attachments.listed(make.work(cast.zhang), ticket)]
    assert own == ["a.pdf", "b.jpg"]
    assert officers == [("a.pdf", 1), ("b.jpg", 1), ("a.pdf", 2)]


def test_a_ticket_holds_sixty_megabytes(session: Session, make: Make, cast: Cast, store: Store) -> None:
    ticket = make.ticket()
    one = take(store, "a.pdf", files.PDF)
    session.add(
        Attachment(
            ticket_id=ticket.id, event_seq=1, name="x.zip", extension="zip", mime="x", digest="0" * 64,
            size=60 * MB - one.size, at=make.time.at,
        )
    )  # fmt: skip
    session.commit()
    assert attachments.room(session, ticket.id).bytes == one.size
    attachments.attach(make.work(cast.chen), store, ticket, 1, [one])
    with pytest.raises(Invalid, match="60MB"):
        attachments.attach(make.work(cast.chen), store, ticket, 1, [one])


def test_a_file_is_found_by_its_tickets_rule(session: Session, make: Make, cast: Cast, store: Store) -> None:
    ticket = make.ticket()
    received = [take(store, "a.pdf", files.PDF)]
    (seen,) = attachments.attach(make.work(cast.chen), store, ticket, 1, received)
    (internal,) = attachments.attach(make.work(cast.zhang), store, ticket, 2, received, is_visible=False)
    session.commit()
    readers = {}
    for person in cast.everybody():
        readers[person.username] = ""
        for one, mark in ((seen, "s"), (internal, "i")):
            with suppress(NotFound):
                attachments.find(make.work(person), one.id)
                readers[person.username] += mark
    everything = {name for name, marks in readers.items() if marks == "si"}
    assert everything == {"zhang", "wang", "zhao", "qian", "liu"}
    assert {name for name, marks in readers.items() if marks == "s"} == {"chen"}


@pytest.mark.parametrize("number", [0, -1, 999, 2**31, 10**30])
def test_a_file_that_is_not_there_is_not_found(number: int, work: Work) -> None:
    with pytest.raises(NotFound):
        attachments.find(work, number)


def test_a_kept_file_comes_back_by_its_token(work: Work, store: Store) -> None:
    one = take(store, "合同.pdf", files.PDF)
    token = attachments.keep(work, store, one)
    assert attachments.kept(work, store, [token, token]) == [one]


@pytest.mark.parametrize("harm", ["another", "late", "future", "forged", "gone", "garbage", "other secret"])
def test_a_token_is_its_owners_for_a_day_and_cannot_be_made_up(
    harm: str, session: Session, time: FixedTime, cast: Cast, store: Store
) -> None:
    one = take(store, "合同.pdf", files.PDF)
    token = attachments.keep(Work(session, time, cast.chen.actor), store, one)
    reader, other = cast.chen, store
    if harm == "another":
        reader = cast.sun
    elif harm == "late":
        time.at += timedelta(hours=24, seconds=1)
    elif harm == "future":
        time.at -= timedelta(hours=1)
    elif harm == "forged":
        token = token[:-2] + "xx"
    elif harm == "gone":
        store.path(one.digest).unlink()
    elif harm == "garbage":
        token = "../../etc/passwd\0"
    else:
        other = Store(store.root, "another secret")
    with pytest.raises(Invalid, match="已过期"):
        attachments.kept(Work(session, time, reader.actor), other, [token])


def test_housekeeping_removes_what_nobody_needs_and_nothing_else(
    session: Session, make: Make, cast: Cast, store: Store
) -> None:
    ticket = make.ticket()
    needed, orphan, fresh, renewed = (take(store, "a.pdf", files.PDF + bytes([n])) for n in range(4))
    attachments.attach(make.work(cast.chen), store, ticket, 1, [needed])
    session.commit()
    left_over = store.root / "incoming" / "left"
    left_over.write_bytes(b"half")
    days_ago = (SystemTime().now() - timedelta(days=3)).timestamp()
    for path in [store.path(one.digest) for one in (needed, orphan, renewed)] + [left_over]:
        os.utime(path, (days_ago, days_ago))
    attachments.keep(make.work(cast.chen), store, renewed)
    stranger = store.root / "readme.txt"
    stranger.write_text("not ours")
    limit = SystemTime().now() - timedelta(days=2)
    assert attachments.remove_orphans(session, store, limit) == 2
    assert [store.has(one.digest) for one in (needed, orphan, fresh, renewed)] == [True, False, True, True]
    assert stranger.exists()
    assert not left_over.exists()
    assert session.scalar(select(Attachment.digest)) == needed.digest


RECEIVES_FOR_EVER = """
import io, os, sys
from pathlib import Path
from assist.services import attachments
from assist.services.file_store import Store

class Sent:
    filename = "a.pdf"
    def __init__(self, content): self.stream = io.BytesIO(content)

store = Store(Path(sys.argv[1]), "x")
while True:
    attachments.receive(store, [Sent(b"%PDF-1.7\\n" + os.urandom(3_000_000))])
    print("one more", flush=True)
"""


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_process_killed_while_it_stores_leaves_no_half_file_in_place(count: int, store: Store) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RECEIVES_FOR_EVER, str(store.root)], stdout=subprocess.PIPE, cwd=PROJECT
    ) as process:
        assert process.stdout is not None
        for _ in range(count):
            assert process.stdout.readline()
        process.kill()
    stored = [digest for digest, _ in store.contents()]
    assert len(stored) >= count
    for digest in stored:
        assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest
    store.drop_scratch(SystemTime().now() + timedelta(hours=1))
    assert len([path for path in store.root.rglob("*") if path.is_file()]) == len(stored)
