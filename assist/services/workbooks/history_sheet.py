"""Ledger A as it was kept before (25 columns): old problems, to be taken over as history.

`check_history` types every row: dates six ways, 是否办结 in many words, short names of units. It changes nothing and
judges nothing: 是否超期 stays as stated, beside what the dates say for rows still open. A number already used under
another credit code is a fault; the same number under the same code is known (`is_known`), so that importing twice
changes nothing. Not here: the clocks and rounds such rows get.
"""

import re
from dataclasses import dataclass
from datetime import date

from assist.domain.cells import Cell, digits_text, name_key, narrow, one_line
from assist.domain.status import Rating, Source
from assist.services.workbooks import container
from assist.services.workbooks.dictionaries import Dictionaries
from assist.services.workbooks.findings import Fault, Findings, Note
from assist.services.workbooks.history_dates import HistoryDates, read_dates
from assist.services.workbooks.history_layout import HISTORY
from assist.services.workbooks.history_people import OfficerNames
from assist.services.workbooks.lookups import Lookups, choice
from assist.services.workbooks.reading import Sheet, SheetRow, read_sheet
from assist.services.workbooks.row_reader import RowReader
from assist.services.workbooks.unit_names import UnitNames

LONGEST_NAME = 80
LONGEST_PERSON = 40
LONGEST_DESCRIPTION = 5000

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9\-]{3,23}")
_UNIT_BREAKS = re.compile(r"[、，,;；/\n]+")
_RATINGS: dict[str, Rating | None] = {name_key(rating.title): rating for rating in Rating}
_RATINGS.update(dict.fromkeys(("未评价", "未评", "未测评"), None))
_SOURCES = {name_key(source.title): source for source in Source} | {
    "自提": Source.SELF,
    "企业申报": Source.SELF,
    "走访": Source.VISIT,
    "调研": Source.GROUP,
    "座谈会": Source.FORUM,
    "12345": Source.HOTLINE,
    "12345热线": Source.HOTLINE,
    "批示": Source.LEADER,
    "督查": Source.INSPECTION,
}


@dataclass(frozen=True)
class HistoryRow:
    """One old problem. `officer_phone` is set when the name is exactly one known officer of that unit.

    `helper_units` may hold 属地政府 (the government of the enterprise's area). `stated_late` is the ledger's own
    word, `is_late` what the dates say today of an open row (None once closed).
    """

    row: int
    number: str
    enterprise_name: str
    credit_code: str
    area_code: str
    chain: str | None
    contact_name: str
    contact_phone: str
    officer_name: str
    officer_unit: str
    officer_phone: str | None
    source: Source | None
    dates: HistoryDates
    category_code: str | None
    description: str
    wish: str
    helper_units: tuple[str, ...]
    responsible: str
    progress: str
    stated_late: bool | None
    is_late: bool | None
    rating: Rating | None
    remark: str
    is_known: bool


@dataclass(frozen=True)
class HistoryCheck:
    """`rows`: those without a fault; `row_count`: all data rows there were."""

    rows: tuple[HistoryRow, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    row_count: int


def read_history(source: container.Source) -> Sheet:
    """The sheet with ledger A's headings; raises `WorkbookProblem`."""
    return read_sheet(source, HISTORY)


def check_history(sheet: Sheet, dictionaries: Dictionaries, today: date) -> HistoryCheck:
    """Every fault of the sheet at its cell, notes, and the rows that are good. `today` tells what is late."""
    findings = Findings(sheet)
    parser = _RowParser(sheet, dictionaries, today, findings)
    rows = [row for source in sheet.rows if (row := parser.parse(source)) is not None]
    for row in rows:
        _note_differences(row, dictionaries, findings)
    return HistoryCheck(tuple(rows), findings.faults(), tuple(findings.notes), len(sheet.rows))


class _RowParser:
    """Each row by itself, and its number against those before it."""

    def __init__(self, sheet: Sheet, dictionaries: Dictionaries, today: date, findings: Findings) -> None:
        self._sheet = sheet
        self._findings = findings
        self._today = today
        self._lookups = Lookups(dictionaries)
        self._units = UnitNames(dictionaries)
        self._officers = OfficerNames(dictionaries)
        self._known = dictionaries.tickets
        self._rows_by_number: dict[str, int] = {}

    def parse(self, source: SheetRow) -> HistoryRow | None:
        """None when the row has a fault; all of its faults are noted all the same."""
        reader = RowReader(self._sheet, source, self._findings)
        code = reader.code("credit_code", {})
        area = reader.parsed("area", self._lookups.area, is_required=True)
        unit = self._unit(reader)
        dates = read_dates(reader, self._today)
        row = HistoryRow(
            row=source.number,
            number=self._number(reader, code),
            enterprise_name=reader.name("enterprise_name", longest=LONGEST_NAME),
            credit_code=code,
            area_code=area.code if area else "",
            chain=reader.parsed("chain", self._lookups.chain),
            contact_name=reader.name("contact_name", longest=LONGEST_PERSON, is_required=False),
            contact_phone=reader.phone("contact_phone", is_required=False),
            officer_name=reader.name("officer_name", longest=LONGEST_PERSON, is_required=False),
            officer_unit=unit,
            officer_phone=self._officer_phone(reader, unit),
            source=reader.parsed("source", _source),
            dates=dates,
            category_code=reader.parsed("category", self._lookups.category),
            description=reader.words("description", is_required=True, longest=LONGEST_DESCRIPTION),
            wish=reader.words("wish"),
            helper_units=self._helpers(reader),
            responsible=reader.name("responsible", longest=LONGEST_PERSON, is_required=False),
            progress=reader.words("progress"),
            stated_late=reader.yes_no("late"),
            is_late=dates.is_late(self._today),
            rating=reader.parsed("rating", _rating),
            remark=reader.words("remark"),
            is_known=self._known.get(self._plain_number(reader)) == code,
        )
        return None if self._findings.has_fault(source.number) else row

    def _plain_number(self, reader: RowReader) -> str:
        return re.sub(r"\s", "", narrow(digits_text(reader.cell("number")))).upper()

    def _number(self, reader: RowReader, code: str) -> str:
        if not reader.name("number", longest=40):
            return ""
        number = self._plain_number(reader)
        first = self._rows_by_number.setdefault(number, reader.row.number)
        used_by = self._known.get(number)
        if not _NUMBER.fullmatch(number):
            reader.fault("number", "诉求编号应由字母、数字和“-”组成，如 LC-20250105-0001")
        elif first != reader.row.number:
            reader.fault("number", f"与第{first}行的诉求编号重复")
        elif used_by is not None and code and used_by != code:
            reader.fault("number", f"这个诉求编号已用于另一家企业（统一社会信用代码 {used_by}），请核对")
        return number

    def _unit(self, reader: RowReader) -> str:
        typed = reader.name("officer_unit", longest=LONGEST_NAME, is_required=False)
        found = reader.parse("officer_unit", typed, lambda _: self._units.resolve(typed)) if typed else None
        return found.name if found else ""

    def _helpers(self, reader: RowReader) -> tuple[str, ...]:
        typed = reader.name("helpers", longest=200, is_required=False)
        if not typed:
            return ()

        def resolve(cell: Cell) -> tuple[str, ...]:
            names = [one_line(name) for name in _UNIT_BREAKS.split(digits_text(cell))]
            return tuple(dict.fromkeys(self._units.resolve(name).name for name in names if name))

        return reader.parse("helpers", reader.cell("helpers"), resolve) or ()

    def _officer_phone(self, reader: RowReader, unit: str) -> str | None:
        name = reader.name("officer_name", longest=LONGEST_PERSON, is_required=False)
        return (
            reader.parse("officer_name", name, lambda _: self._officers.phone(name, unit)) if name else None
        )


def _rating(cell: Cell) -> Rating | None:
    return choice(cell, _RATINGS, [rating.title for rating in Rating])


def _source(cell: Cell) -> Source:
    return choice(cell, _SOURCES, [source.title for source in Source])


def _note_differences(row: HistoryRow, dictionaries: Dictionaries, findings: Findings) -> None:
    """What the ledger says and what is known or computed may differ: said, never changed in silence."""
    name = dictionaries.enterprises.get(row.credit_code)
    if name is None:
        findings.note(row.row, f"企业“{row.enterprise_name}”（{row.credit_code}）不在企业名录中")
    elif name_key(name) != name_key(row.enterprise_name):
        findings.note(row.row, f"企业名称“{row.enterprise_name}”与名录中的“{name}”不同，以名录为准")
    if row.is_late is not None and row.stated_late is not None and row.is_late != row.stated_late:
        stated, found = ("是" if late else "否" for late in (row.stated_late, row.is_late))
        findings.note(row.row, f"{row.number} 未办结，原台账“是否超期”填“{stated}”，按时限计算为“{found}”")
