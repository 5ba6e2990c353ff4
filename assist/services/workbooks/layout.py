"""What columns a ledger has, under which headings offices write them, and where the heading row is.

Not here: what may stand in the columns (`row_reader`, the sheets themselves).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from assist.domain.cells import Cell, digits_text
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.scan import column_letter

REASON_TITLE = "错误原因"
HEADING_WITHIN = 30  # rows from the top
LEAST_MATCHES = 3
PHONE_HEADINGS = ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码")

_NOISE = re.compile(r"[\s()\[\]【】、,/\\\-_·*:;.。]|必填|选填|如有")


class Kind(Enum):
    """How a column is taken: words and numbers-as-text may not be formulas; days and choices may be computed."""

    NAME = "name"
    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    DAY = "day"
    CHOICE = "choice"
    SERIAL = "serial"

    @property
    def may_be_computed(self) -> bool:
        return self in (Kind.DAY, Kind.CHOICE, Kind.SERIAL)


@dataclass(frozen=True)
class Field:
    """A column. `loose` headings (电话, 单位) belong to it only to the right of the column `after`."""

    key: str
    title: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    after: str = ""
    loose: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """Where a field stands in this sheet, and its heading as the office wrote it (on one line)."""

    field: Field
    number: int
    title: str

    @property
    def letter(self) -> str:
        return column_letter(self.number)


class Layout:
    """A ledger's fields, and the ways to find them in a row of headings."""

    def __init__(self, title: str, fields: Sequence[Field]) -> None:
        self.title = title
        self.fields = tuple(fields)
        self._by_heading = {
            heading_key(heading): field for field in self.fields for heading in (*field.aliases, field.title)
        }
        self._loose = {
            (heading_key(heading), field.after): field for field in self.fields for heading in field.loose
        }
        self._anchors = {field.after for field in self.fields if field.after}

    def find(self, rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, Column]] | None:
        """The heading row (counted from 1) and its columns; None when the sheet is some other table."""
        best = max(
            ((self.match(row), -number) for number, row in enumerate(rows[:HEADING_WITHIN], start=1)),
            key=lambda found: (len({column.field.key for column in found[0]}), found[1]),
            default=([], 0),
        )
        columns, number = best
        if len({column.field.key for column in columns}) < LEAST_MATCHES:
            return None
        return -number, _unique(columns)

    def match(self, row: Sequence[Cell]) -> list[Column]:
        """The columns a row would have if it were the heading row."""
        found: list[Column] = []
        anchor = ""
        for number, cell in enumerate(row, start=1):
            if not isinstance(cell, str) or not cell.strip():
                continue
            key = heading_key(cell)
            field = self._by_heading.get(key) or self._loose.get((key, anchor))
            if field is not None:
                found.append(Column(field, number, "".join(cell.split())))
                anchor = field.key if field.key in self._anchors else anchor
        return found

    def require(self, columns: dict[str, Column]) -> None:
        """Raise with all missing columns named at once."""
        missing = [field.title for field in self.fields if field.is_required and field.key not in columns]
        if missing:
            words = "、".join(f"“{title}”" for title in missing)
            raise WorkbookProblem(f"表头缺少{words}列；请对照{self.title}的表头补上后再上传。")

    def not_found(self) -> WorkbookProblem:
        words = "、".join(f"“{field.title}”" for field in self.fields if field.is_required)
        return WorkbookProblem(
            f"没有找到{self.title}的表头：前 {HEADING_WITHIN} 行里应有一行写着{words}等列名。"
        )


def heading_key(cell: Cell) -> str:
    """县（市、区）\\n开发区 and 县(市、区)/开发区* are one heading."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", digits_text(cell)).casefold())


def _unique(columns: list[Column]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        if (other := found.get(column.field.key)) is not None:
            letters = f"{other.letter} 列和 {column.letter} 列"
            raise WorkbookProblem(f"表头里{letters}都像是“{column.field.title}”，请只留一列。")
        found[column.field.key] = column
    return found
