"""A quick look through a sheet's own XML, for what the reading library does not tell: formulas and true extent.

The reader lays a sheet out as one dense rectangle: a single stray value in the last corner of a sheet would ask for
hundreds of gigabytes and end the process. So the extent is measured here first. No DTD, no entities, no network.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat

from assist.services.workbooks.container import Container
from assist.services.workbooks.problem import WorkbookProblem

MOST_ROWS = 10_000
SPARE_ROWS = 200  # for titles, totals and remarks around the data
MOST_COLUMNS = 256

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BROKEN = "文件内容不合 .xlsx 格式，无法读取；请用 WPS 或 Excel 重新另存为 .xlsx 后再上传。"


@dataclass(frozen=True)
class SheetPart:
    """A visible worksheet: its name and the part of the container that holds it."""

    name: str
    path: str


@dataclass
class Extent:
    """Where values stand, counted from 1, and the formulas by (row, column)."""

    last_row: int = 0
    last_column: int = 0
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def column_letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def visible_sheets(container: Container) -> tuple[list[SheetPart], bool]:
    """The worksheets one sees when opening the file, in order; and whether its days count from 1904."""
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for name, attributes in _elements(container.part("xl/_rels/workbook.xml.rels"))
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet")
    }
    sheets: list[SheetPart] = []
    is_1904 = False
    for name, attributes in _elements(container.part("xl/workbook.xml")):
        if name == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if target := targets.get(relation):
                path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
                sheets.append(SheetPart(attributes.get("name", ""), path))
    return sheets, is_1904


def measure(container: Container, sheet: SheetPart) -> Extent:
    """The sheet's extent and formulas; raises `WorkbookProblem` once it is larger than can be taken in."""
    scanner = _Scanner(sheet.name)
    _parse(container.part(sheet.path), scanner.start, scanner.attach)
    return scanner.extent


class _Scanner:
    """Follows rows and cells; positions may be left out in the file and are counted then."""

    def __init__(self, name: str) -> None:
        self.extent = Extent()
        self._name = name
        self._row = self._column = 0
        self._text: list[str] = []
        self._parser: expat.XMLParserType | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes.get("r", ""))
        elif tag in ("v", "is"):
            self._value()
        elif tag == "f":
            self._value()
            self._formula()
        elif tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0

    def _cell(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            self._column += 1
            return
        self._column = 0
        for letter in match[1]:
            self._column = self._column * 26 + ord(letter) - 64
        self._row = int(match[2])

    def _value(self) -> None:
        extent = self.extent
        extent.last_row = max(extent.last_row, self._row)
        extent.last_column = max(extent.last_column, self._column)
        if extent.last_row > MOST_ROWS + SPARE_ROWS:
            raise WorkbookProblem(
                f"工作表“{self._name}”太长（第 {self._row} 行还有内容），一次最多导入 {MOST_ROWS} 行；请拆成几份。"
            )
        if extent.last_column > MOST_COLUMNS:
            raise WorkbookProblem(
                f"工作表“{self._name}”太宽（{column_letter(self._column)} 列还有内容）；请删去右边多余的列。"
            )

    def _formula(self) -> None:
        self._text = []
        if self._parser is not None:
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._formula_ends

    def _formula_ends(self, name: str) -> None:
        self.extent.formulas[self._row, self._column] = "=" + "".join(self._text)
        if self._parser is not None:
            self._parser.CharacterDataHandler = None
            self._parser.EndElementHandler = None


def _elements(content: bytes | None) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(content, lambda name, attributes: found.append((name.rpartition(":")[2], attributes)))
    return found


def _parse(
    content: bytes | None,
    start: Callable[[str, dict[str, str]], None],
    attach: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    if content is None:
        raise WorkbookProblem(_BROKEN)
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if attach is not None:
        attach(parser)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookProblem(_BROKEN) from error


def _refuse_doctype(*declaration: object) -> None:
    raise WorkbookProblem(_BROKEN)
