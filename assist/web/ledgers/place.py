"""What the pages of ledgers share: the blueprint, the letters in addresses, and giving a workbook at once."""

from flask import Blueprint, Response

from assist.services import exporting
from assist.services.exporting import Wanted
from assist.web import guards
from assist.web.downloads import download

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")
LETTER = "<ledger:letter>"


def given(wanted: Wanted) -> Response:
    """The workbook, read without the write lock, then logged. Raises `exporting.TooLarge`."""
    work = guards.work()
    content, rows = exporting.at_once(work, wanted)
    guards.start_writing()
    exporting.record(guards.work(), wanted, rows)
    guards.commit()
    return download(content, exporting.file_name(work, wanted.ledger))
