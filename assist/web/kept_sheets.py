"""A sheet that was sent in, between being looked at and being taken over.

It lies in `uploads/imports` under its digest; the address bears a signed token of digest, ledger and account, good for
a day. Sheets older than that are removed when the next one is sent: they hold phone numbers.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from flask import Response, current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from assist.domain.errors import NotFound
from assist.services.workbooks.fault_report import write_fault_report
from assist.services.workbooks.findings import Check, Fault
from assist.services.workbooks.reading import Sheet
from assist.web import guards
from assist.web.downloads import download

KEPT_SECONDS = 24 * 3600
LISTED_ROWS = 20
LISTED_FAULTS = 200


class Sent(NamedTuple):
    """Which ledger it is, where it lies, what it was called."""

    kind: str
    path: Path
    name: str


def _folder() -> Path:
    folder = Path(current_app.config["ASSIST_UPLOADS"]) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="import")


def keep(kind: str, content: bytes, name: str | None) -> str:
    """Put a sheet aside that could be read; returns the token of its address."""
    digest, folder = hashlib.sha256(content).hexdigest(), _folder()
    _sweep(folder)
    handle, made = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    os.replace(made, folder / f"{digest}.xlsx")
    shown = Path(name or "").name[-80:]
    return str(_serializer().dumps([kind, digest, guards.actor().account_id, shown]))


def _sweep(folder: Path) -> None:
    oldest = guards.time_source().now().timestamp() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def sent(token: str, kinds: Collection[str]) -> Sent:
    """The sheet of an address. Raises NotFound for another's, an old or a removed one."""
    try:
        kind, digest, account_id, name = _serializer().loads(token, max_age=KEPT_SECONDS)
    except (BadData, ValueError):
        raise NotFound("这次导入已过期，请重新上传表格。") from None
    path = _folder() / f"{digest}.xlsx"
    if account_id != guards.actor().account_id or kind not in kinds or not path.is_file():
        raise NotFound("这次导入已过期，请重新上传表格。")
    return Sent(kind, path, name)


def shown(found: Check) -> dict[str, Any]:
    """What the page of a check says of it."""
    return {
        "found": found,
        "bad_rows": len({fault.row for fault in found.faults}),
        "faults": found.faults[:LISTED_FAULTS],
        "notes": found.notes[:LISTED_FAULTS],
    }


def report(one: Sent, sheet: Sheet, faults: Sequence[Fault]) -> Response:
    """The very sheet with a red column 错误原因."""
    target = BytesIO()
    write_fault_report(sheet, faults, target)
    target.seek(0)
    return download(target, f"{Path(one.name).stem}（错误原因）.xlsx")
