"""A chart of the 驾驶舱 as a workbook: its table, a rate as three columns so that it can be counted again."""

from collections.abc import Iterator
from io import BytesIO

from assist.domain.rates import Rate
from assist.services.queries.figures.chart import Cell, Chart, Shape
from assist.services.workbooks.table import Column, Table
from assist.services.workbooks.table import Shape as SheetShape
from assist.services.workbooks.writer import Stamp, workbook

WIDTHS = {Shape.COUNT: 12, Shape.DAYS: 14, Shape.TEXT: 22}


def write_chart(chart: Chart, stamp: Stamp) -> tuple[BytesIO, int]:
    """(the workbook, how many rows)."""
    columns = [Column("serial", "序号", 6, SheetShape.NUMBER), Column("name", chart.head, 24)]
    for place, column in enumerate(chart.columns):
        key = f"c{place}"
        if column.shape is Shape.RATE:
            columns += [
                Column(f"{key}n", f"{column.title}分子", 9, SheetShape.NUMBER),
                Column(f"{key}d", f"{column.title}分母", 9, SheetShape.NUMBER),
                Column(key, column.title, 10),
            ]
        else:
            shape = SheetShape.NUMBER if column.shape is Shape.COUNT else SheetShape.TEXT
            columns.append(Column(key, column.title, WIDTHS[column.shape], shape))
    table = Table(chart.title[:31], f"{chart.title}（{chart.words}）" if chart.words else chart.title, tuple(columns))
    return workbook(table, _rows(chart), stamp)


def _rows(chart: Chart) -> Iterator[dict[str, object]]:
    for row in chart.rows:
        found: dict[str, object] = {"name": row.name}
        for place, cell in enumerate(row.cells):
            found |= _values(f"c{place}", cell)
        yield found


def _values(key: str, cell: Cell) -> dict[str, object]:
    if isinstance(cell.value, Rate):
        return {key: cell.text, f"{key}n": cell.value.n, f"{key}d": cell.value.d}
    is_whole = isinstance(cell.value, int)
    return {key: cell.value if is_whole else cell.text, f"{key}n": None, f"{key}d": None}
