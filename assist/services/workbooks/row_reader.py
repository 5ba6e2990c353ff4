"""Reading one data row field by field: each value typed, each fault noted at its cell, reading goes on.

What is missing or wrong gives an empty value; the row is left out in the end because it has a fault.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from assist.domain import credit_code, phone
from assist.domain.cells import (
    Cell,
    Unreadable,
    digits_text,
    is_blank,
    many_lines,
    one_line,
    parse_date,
    parse_yes_no,
    starts_formula,
)
from assist.domain.masking import is_masked, mask_phone
from assist.services.workbooks.findings import Findings
from assist.services.workbooks.reading import Sheet, SheetRow

T = TypeVar("T")

LONGEST_TEXT = 5000


class RowReader:
    """One row and where its faults go."""

    def __init__(self, sheet: Sheet, row: SheetRow, findings: Findings) -> None:
        self.row = row
        self._sheet = sheet
        self._findings = findings

    def fault(self, key: str, why: str, suggestion: str | None = None) -> None:
        self._findings.fault(self.row, key, why, suggestion)

    def cell(self, key: str) -> Cell:
        """The value, empty where the sheet has no such column, the cell is a formula out of place or in error."""
        if key not in self.row.values:
            return ""
        value = self.row.values[key]
        formula = self.row.formulas.get(key)
        if formula is None:
            return value
        if not self._sheet.columns[key].field.kind.may_be_computed:
            self.fault(key, "单元格里是公式，这里应直接填写内容；可复制后用“选择性粘贴—数值”贴回")
            return ""
        if value == "":
            self.fault(key, "公式没有算出结果，请直接填写内容")
        return value

    def name(self, key: str, *, longest: int, is_required: bool = True) -> str:
        """A name on one line: no formula, at least one letter or character."""
        cell = self.cell(key)
        if is_blank(cell):
            self._missing(key, is_required)
            return ""
        text = one_line(cell)
        if starts_formula(text):
            self.fault(key, f"不能以“{text[0]}”开头（会被表格软件当作公式），请改为正常的文字")
        elif not any(character.isalpha() for character in text):
            self.fault(key, f"“{text}”不像{self._title(key)}，请填写文字")
        elif len(text) > longest:
            self.fault(key, f"太长（{len(text)}字），最多{longest}字")
        else:
            return text
        return ""

    def words(self, key: str, *, is_required: bool = False, longest: int = LONGEST_TEXT) -> str:
        """Free text with its line breaks."""
        cell = self.cell(key)
        if is_blank(cell):
            self._missing(key, is_required)
            return ""
        text = many_lines(cell)
        if len(text) > longest:
            self.fault(key, f"太长（{len(text)}字），最多{longest}字")
            return ""
        return text

    def phone(self, key: str, *, is_required: bool = True, known: str = "") -> str:
        """A hidden number (138****5678), as we give it out, is the `known` one if that is what it hides."""
        cell = self.cell(key)
        if not is_required and is_blank(cell):
            return ""
        if isinstance(cell, str) and is_masked(cell):
            return self._masked(key, cell, is_required, known)
        if self._findings.is_faulted(self.row, key):
            return ""
        return self.parse(key, cell, phone.normalise) or ""

    def _masked(self, key: str, cell: str, is_required: bool, known: str) -> str:
        if known and mask_phone(known) == cell.strip():
            return known
        if is_required:
            self.fault(key, "号码隐去了中间四位，与登记的号码对不上；请填写完整号码")
        return ""

    def code(self, key: str, overrides: Mapping[str, str], registered: str | None = None) -> str:
        """The credit code, normalised even when it is wrong. `registered`: the known code of this enterprise."""
        cell = self.cell(key)
        if self._findings.is_faulted(self.row, key):
            return ""
        if isinstance(cell, float):
            self.fault(key, "代码存成了数字，末几位已失真；请把单元格设为文本后重新填写", registered)
            return ""
        found = credit_code.check("" if is_blank(cell) else digits_text(cell))
        if found.why and not (found.is_overridable and overrides.get(found.code)):
            self.fault(key, found.why, found.suggestion or registered)
        return found.code

    def day(self, key: str, *, is_required: bool = False) -> date | None:
        cell = self.cell(key)
        if self._findings.is_faulted(self.row, key):
            return None
        found = self.parse(key, cell, lambda value: parse_date(value, is_1904=self._sheet.is_1904))
        if found is None:
            self._missing(key, is_required)
        return found

    def yes_no(self, key: str, *, is_required: bool = False) -> bool | None:
        cell = self.cell(key)
        if self._findings.is_faulted(self.row, key):
            return None
        found = self.parse(key, cell, parse_yes_no)
        if found is None:
            self._missing(key, is_required)
        return found

    def parsed(self, key: str, parse: Callable[[Cell], T], *, is_required: bool = False) -> T | None:
        """Anything a dictionary decides; None when empty or faulted."""
        cell = self.cell(key)
        if is_blank(cell):
            self._missing(key, is_required)
            return None
        return self.parse(key, cell, parse)

    def parse(self, key: str, cell: Cell, parse: Callable[[Cell], T]) -> T | None:
        try:
            return parse(cell)
        except Unreadable as problem:
            self.fault(key, problem.why, problem.suggestion)
            return None

    def _missing(self, key: str, is_required: bool) -> None:
        if is_required:
            self.fault(key, f"没有填写{self._title(key)}")

    def _title(self, key: str) -> str:
        return self._sheet.columns[key].field.title
