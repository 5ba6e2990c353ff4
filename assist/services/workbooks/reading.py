"""A workbook read as one ledger: title rows passed over, headings found, totals, remarks and empty rows left out.

`Sheet.cells` is everything as it stood (for giving it back); `Sheet.rows` are the data rows by field. Rows and
columns count from 1 as in Excel. Not here: whether the values are right (`roster_sheet`, `history_sheet`).
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assist.domain.cells import Cell, one_line
from assist.services.workbooks.container import Container, Source, open_container
from assist.services.workbooks.layout import REASON_TITLE, Column, Kind, Layout, heading_key
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.scan import MOST_ROWS, Extent, SheetPart, measure, visible_sheets

MOST_SHEETS = 20  # that are looked through for the ledger

Merged = tuple[tuple[int, int], tuple[int, int]]

_FOOTER = re.compile(
    r"(合计|总计|小计|共计|备注|说明|填表说明|注\d*|填表人?|填报人?|制表人?|审核人?|负责人|单位负责人|填报单位|填报时间|联系人)"
    r"([:：\d（(].*)?",
    re.DOTALL,
)
_UNREADABLE = "表格内容无法读取；请用 WPS 或 Excel 打开检查，重新另存为 .xlsx 后再上传。"


@dataclass(frozen=True)
class SheetRow:
    """A data row: values and formulas by field key; fields without a column are absent."""

    number: int
    values: Mapping[str, Cell]
    formulas: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One ledger as it was sent. `reason_column` is where an earlier check wrote 错误原因, if one did."""

    name: str
    layout: Layout
    cells: list[list[Cell]]
    merged: tuple[Merged, ...]
    formulas: Mapping[tuple[int, int], str]
    heading_row: int
    columns: Mapping[str, Column]
    rows: tuple[SheetRow, ...]
    reason_column: int | None
    is_1904: bool
    passed_over: tuple[str, ...]


@dataclass(frozen=True)
class _Raw:
    name: str
    cells: list[list[Cell]]
    merged: tuple[Merged, ...]
    extent: Extent


def read_sheet(source: Source, layout: Layout) -> Sheet:
    """The first visible sheet that has the ledger's headings. Raises `WorkbookProblem`."""
    container = open_container(source)
    parts, is_1904 = visible_sheets(container)
    found: list[tuple[_Raw, int, dict[str, Column]]] = []
    problems: list[WorkbookProblem] = []
    for part in parts[:MOST_SHEETS]:
        try:
            raw = _load(container, part)
            if (headings := layout.find(raw.cells)) is not None:
                layout.require(headings[1])
                found.append((raw, *headings))
        except WorkbookProblem as problem:
            problems.append(problem)
    if not found:
        raise problems[0] if problems else layout.not_found()
    others = tuple(raw.name for raw, heading_row, _ in found[1:] if len(raw.cells) > heading_row)
    return _sheet(*found[0], layout=layout, is_1904=is_1904, others=others)


def _load(container: Container, part: SheetPart) -> _Raw:
    """Measured first, so that the reader is never asked for more than can be borne."""
    extent = measure(container, part)
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(container.content)) as workbook:
            sheet = workbook.get_sheet_by_name(part.name)
            cells: list[list[Cell]] = list(sheet.to_python(skip_empty_area=False))
            merged = tuple(sheet.merged_cell_ranges or ())
    except BaseException as error:
        # The reader is native: a panic in it is not an `Exception`, and it exports no name to catch it by.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise WorkbookProblem(_UNREADABLE) from error
        raise
    _stretch(cells, extent)
    return _Raw(part.name, cells, merged, extent)


def _stretch(cells: list[list[Cell]], extent: Extent) -> None:
    """Formulas that were never computed have no value and may lie outside what the reader gives."""
    rows = max([row for row, _ in extent.formulas], default=0)
    width = max([len(row) for row in cells] + [column for _, column in extent.formulas], default=0)
    cells.extend([] for _ in range(rows - len(cells)))
    for row in cells:
        row.extend([""] * (width - len(row)))


def _sheet(
    raw: _Raw,
    heading_row: int,
    columns: dict[str, Column],
    *,
    layout: Layout,
    is_1904: bool,
    others: tuple[str, ...],
) -> Sheet:
    fills = _fills(raw, heading_row)
    rows = []
    for number in range(heading_row + 1, len(raw.cells) + 1):
        cells = raw.cells[number - 1]
        row = _row(number, cells, columns, fills, raw.extent.formulas)
        if not _is_passed_over(row, cells, columns):
            rows.append(row)
    if len(rows) > MOST_ROWS:
        raise WorkbookProblem(f"共有 {len(rows)} 行数据，一次最多导入 {MOST_ROWS} 行；请拆成几份。")
    if not rows:
        raise WorkbookProblem(f"工作表“{raw.name}”里只有表头，没有数据。")
    reason = [
        number
        for number, cell in enumerate(raw.cells[heading_row - 1], start=1)
        if heading_key(cell) == REASON_TITLE
    ]
    return Sheet(
        name=raw.name,
        layout=layout,
        cells=raw.cells,
        merged=raw.merged,
        formulas=raw.extent.formulas,
        heading_row=heading_row,
        columns=columns,
        rows=tuple(rows),
        reason_column=reason[0] if reason else None,
        is_1904=is_1904,
        passed_over=others,
    )


def _fills(raw: _Raw, heading_row: int) -> dict[tuple[int, int], Cell]:
    """A cell merged downwards over several data rows speaks for each of them."""
    fills: dict[tuple[int, int], Cell] = {}
    for (top, left), (bottom, _) in raw.merged:
        if top < heading_row or top >= len(raw.cells) or left >= len(raw.cells[top]):
            continue
        for row in range(top + 1, min(bottom + 1, len(raw.cells))):
            if (row + 1, left + 1) in fills:
                break  # merged areas never overlap in a sound file; in a crafted one this ends the work
            fills[row + 1, left + 1] = raw.cells[top][left]
    return fills


def _row(
    number: int,
    cells: Sequence[Cell],
    columns: Mapping[str, Column],
    fills: Mapping[tuple[int, int], Cell],
    formulas: Mapping[tuple[int, int], str],
) -> SheetRow:
    values = {
        key: fills.get((number, column.number), cells[column.number - 1]) for key, column in columns.items()
    }
    found = {
        key: formulas[number, column.number]
        for key, column in columns.items()
        if (number, column.number) in formulas
    }
    return SheetRow(number, values, found)


def _is_passed_over(row: SheetRow, cells: Sequence[Cell], columns: Mapping[str, Column]) -> bool:
    """Nothing but a serial number or a group's title; a total or remark; the headings once more."""
    filled = [
        key
        for key, value in row.values.items()
        if (value != "" and str(value).strip()) or key in row.formulas
    ]
    if all(columns[key].field.kind is Kind.SERIAL for key in filled):
        return True
    code = next(column for column in columns.values() if column.field.kind is Kind.CODE)
    if one_line(row.values[code.field.key]):
        return heading_key(row.values[code.field.key]) == heading_key(code.title)
    first = next((one_line(cell) for cell in cells if one_line(cell)), "")
    return _FOOTER.fullmatch(first) is not None
