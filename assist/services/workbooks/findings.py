"""What a check finds: faults, each at its cell, and notes that stop nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assist.domain.cells import digits_text
from assist.services.workbooks.reading import Sheet, SheetRow


@dataclass(frozen=True)
class Fault:
    """One thing to put right, in the words of the sheet: Excel's row, the heading and letter of the column."""

    row: int
    column: str
    column_letter: str
    value: str
    why: str
    suggestion: str | None = None

    def line(self) -> str:
        """第105行 C列“统一社会信用代码”：……（建议改为：……）"""
        return f"第{self.row}行 {self.column_letter}列“{self.column}”：{self.advice()}"

    def advice(self) -> str:
        return f"{self.why}（建议改为：{self.suggestion}）" if self.suggestion else self.why


@dataclass(frozen=True)
class Note:
    """Something to know before going on; `row` is the Excel row it is about, when it is about one."""

    row: int | None
    text: str

    def line(self) -> str:
        return f"第{self.row}行：{self.text}" if self.row else self.text


class Check(Protocol):
    """The part of a check that is told before anything is written: on a page or by a command."""

    @property
    def faults(self) -> Sequence[Fault]: ...
    @property
    def notes(self) -> Sequence[Note]: ...
    @property
    def rows(self) -> Sequence[object]: ...
    @property
    def row_count(self) -> int: ...


class Findings:
    """Collects faults and notes of one sheet. A cell is faulted once: the first reason is the one to mend."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._faults: dict[tuple[int, int], Fault] = {}
        self._rows: set[int] = set()
        self.notes: list[Note] = []

    def fault(self, row: SheetRow, key: str, why: str, suggestion: str | None = None) -> None:
        column = self._sheet.columns[key]
        if (row.number, column.number) in self._faults:
            return
        value = row.formulas.get(key) or digits_text(row.values.get(key, ""))
        self._faults[row.number, column.number] = Fault(
            row.number, column.title, column.letter, value.strip(), why, suggestion
        )
        self._rows.add(row.number)

    def note(self, row: int | None, text: str) -> None:
        self.notes.append(Note(row, text))

    def is_faulted(self, row: SheetRow, key: str) -> bool:
        column = self._sheet.columns.get(key)
        return column is not None and (row.number, column.number) in self._faults

    def has_fault(self, row: int) -> bool:
        return row in self._rows

    def faults(self) -> tuple[Fault, ...]:
        """By row, then column."""
        return tuple(self._faults[place] for place in sorted(self._faults))
