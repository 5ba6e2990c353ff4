"""Where files lie: outside the web root, each under the hash of its content, so that no sent name ever becomes a path.

A file is written beside, made lasting, and moved into place whole: there are no half files. Not here: what is accepted
(`file_kinds`), rows (`attachments`).
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
INCOMING = "incoming"
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Store:
    """`root` is the uploads folder; `secret` signs the tokens of files kept for a form."""

    root: Path
    secret: str = field(repr=False)

    def path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a sha256 digest")
        return self.root / digest[:2] / digest[2:4] / digest

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty file on the same disk, gone afterwards unless it was admitted."""
        folder = self.root / INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        os.close(handle)
        path = Path(name)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def admit(self, path: Path) -> str:
        """Move a finished file of ours into its place; returns its digest. The same content again replaces itself."""
        digest = _digest_of(path)
        place = self.path(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o640)
        os.replace(path, place)
        _make_lasting(place.parent)
        return digest

    def renew(self, digest: str) -> None:
        """Mark as just used, so that housekeeping leaves it alone."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path(digest))

    def contents(self) -> Iterator[tuple[str, datetime]]:
        """Every stored digest and when it was last stored or renewed."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _DIGEST.fullmatch(path.name):
                with contextlib.suppress(FileNotFoundError):
                    yield path.name, _changed(path)

    def drop(self, digest: str, unless_since: datetime) -> bool:
        """Remove a content, unless it was renewed since. Returns whether it was removed."""
        path = self.path(digest)
        with contextlib.suppress(FileNotFoundError):
            if _changed(path) < unless_since:
                path.unlink()
                return True
        return False

    def drop_scratch(self, older_than: datetime) -> int:
        """Remove what processes that were killed have left."""
        dropped = 0
        for path in (self.root / INCOMING).glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if _changed(path) < older_than:
                    path.unlink()
                    dropped += 1
        return dropped


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _digest_of(path: Path) -> str:
    """The sha256 of a file that is on the disk for good when this returns."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _make_lasting(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
