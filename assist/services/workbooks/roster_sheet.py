"""Ledger B 助企远航包联台账: one row an enterprise with its officer, checked cell by cell and row against row.

`check_roster` writes nothing and asks nobody; `RosterCheck.rows` are the rows without any fault. People who may be
two are asked (`roster_people`). Codes let in against their check character carry the reason given for them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from assist.domain.cells import name_key, split_names
from assist.services.workbooks.container import Source
from assist.services.workbooks.dictionaries import AreaName, Dictionaries
from assist.services.workbooks.findings import Fault, Findings, Note
from assist.services.workbooks.lookups import Lookups
from assist.services.workbooks.reading import Sheet, SheetRow, read_sheet
from assist.services.workbooks.roster_codes import check_codes
from assist.services.workbooks.roster_layout import ROSTER
from assist.services.workbooks.roster_people import PhoneBook, check_people
from assist.services.workbooks.row_reader import RowReader
from assist.services.workbooks.unit_names import UnitMatch, UnitNames

LONGEST_NAME = 80
LONGEST_PERSON = 40


@dataclass(frozen=True)
class Answers:
    """What a person has answered to an earlier check.

    `code_overrides`: credit code → why it is right in spite of its check character. `different_people`: (name,
    phone) of officers who are somebody else than the one of the same name.
    """

    code_overrides: Mapping[str, str] = field(default_factory=dict)
    different_people: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class RosterRow:
    """One enterprise and its people; optional texts are empty when not given."""

    row: int
    enterprise_name: str
    credit_code: str
    code_note: str | None
    area_code: str
    chain: str | None
    leader: str
    members: tuple[str, ...]
    officer_name: str
    officer_unit: str
    is_new_unit: bool
    officer_title: str
    officer_phone: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True)
class RosterCheck:
    """`rows`: those that may be taken in; `row_count`: all data rows there were."""

    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    row_count: int


def read_roster(source: Source) -> Sheet:
    """The sheet with ledger B's headings; raises `WorkbookProblem`."""
    return read_sheet(source, ROSTER)


def check_roster(sheet: Sheet, dictionaries: Dictionaries, answers: Answers | None = None) -> RosterCheck:
    """Every fault of the sheet at its cell, notes, and the rows that are good."""
    answers = answers or Answers()
    findings = Findings(sheet)
    readers = _RowParser(sheet, dictionaries, answers, findings)
    parsed = [(source, readers.parse(source)) for source in sheet.rows]
    check_codes(parsed, readers.areas, dictionaries, findings)
    check_people(parsed, PhoneBook.of(dictionaries), answers.different_people, findings)
    _note_units(parsed, findings)
    _note_other_sheets(sheet, findings)
    return RosterCheck(
        rows=tuple(row for _, row in parsed if not findings.has_fault(row.row)),
        faults=findings.faults(),
        notes=tuple(findings.notes),
        row_count=len(parsed),
    )


class _RowParser:
    """Each row by itself. `areas` keeps what area each row named, for telling apart rows with the same code."""

    def __init__(
        self, sheet: Sheet, dictionaries: Dictionaries, answers: Answers, findings: Findings
    ) -> None:
        self._sheet = sheet
        self._findings = findings
        self._lookups = Lookups(dictionaries)
        self._units = UnitNames(dictionaries)
        self._phones = dictionaries.phones
        self._overrides = answers.code_overrides
        self._code_by_name = {name_key(name): code for code, name in dictionaries.enterprises.items()}
        self.areas: dict[int, AreaName] = {}

    def parse(self, source: SheetRow) -> RosterRow:
        reader = RowReader(self._sheet, source, self._findings)
        name = reader.name("enterprise_name", longest=LONGEST_NAME)
        code = reader.code("credit_code", self._overrides, self._code_by_name.get(name_key(name)))
        area = reader.parsed("area", self._lookups.area, is_required=True)
        if area is not None:
            self.areas[source.number] = area
        unit = self._unit(reader)
        officer_phone, contact_phone = self._phones.get(code, ("", ""))
        return RosterRow(
            row=source.number,
            enterprise_name=name,
            credit_code=code,
            code_note=self._overrides.get(code),
            area_code=area.code if area else "",
            chain=reader.parsed("chain", self._lookups.chain),
            leader=reader.name("leader", longest=LONGEST_PERSON, is_required=False),
            members=self._members(reader),
            officer_name=self._single_name(reader),
            officer_unit=unit.name,
            is_new_unit=unit.is_new,
            officer_title=reader.name("officer_title", longest=LONGEST_PERSON, is_required=False),
            officer_phone=reader.phone("officer_phone", known=officer_phone),
            contact_name=reader.name("contact_name", longest=LONGEST_PERSON),
            contact_phone=reader.phone("contact_phone", known=contact_phone),
        )

    def _unit(self, reader: RowReader) -> UnitMatch:
        typed = reader.name("officer_unit", longest=LONGEST_NAME)
        found = reader.parse("officer_unit", typed, lambda _: self._units.resolve(typed)) if typed else None
        return found or UnitMatch("", False)

    def _single_name(self, reader: RowReader) -> str:
        name = reader.name("officer_name", longest=LONGEST_PERSON)
        if len(split_names(name)) > 1:
            reader.fault("officer_name", "一家企业只能有一名服务专员，请只填一人")
            return ""
        return name

    def _members(self, reader: RowReader) -> tuple[str, ...]:
        typed = reader.name("members", longest=200, is_required=False)
        return split_names(reader.cell("members")) if typed else ()


def _note_units(parsed: list[tuple[SheetRow, RosterRow]], findings: Findings) -> None:
    """Units that are not in the dictionary are made; that is said, once each."""
    rows = defaultdict(list)
    for _, row in parsed:
        if row.is_new_unit and not findings.has_fault(row.row):
            rows[row.officer_unit].append(row.row)
    for unit, numbers in rows.items():
        where = f"第{numbers[0]}行" + (f"等{len(numbers)}行" if len(numbers) > 1 else "")
        findings.note(numbers[0], f"单位名录中没有“{unit}”，导入时将新建（{where}）")


def _note_other_sheets(sheet: Sheet, findings: Findings) -> None:
    if sheet.passed_over:
        names = "、".join(f"“{name}”" for name in sheet.passed_over)
        findings.note(None, f"只检查了工作表“{sheet.name}”；{names}没有读取，如需导入请另存为单独的文件")
