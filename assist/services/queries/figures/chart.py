"""A chart as plain values: a table first, and beside it which of its columns are drawn and how.

Page, workbook and big screen are all made from the same `Chart`, so that they cannot differ. Not here: what is counted
(`services.queries.figures`), how it looks (`static/js/charts.js`, `components/chart.html`).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from assist.domain.rates import Rate


class Shape(Enum):
    """What stands in a column."""

    COUNT = "count"
    RATE = "rate"
    DAYS = "days"
    TEXT = "text"


class Draw(Enum):
    """How a column is drawn; a table's other columns are not."""

    LINE = "line"
    BAR = "bar"
    STACK = "stack"
    NOT = ""


@dataclass(frozen=True)
class Column:
    """`tone` names the colour it is drawn in: main, second, third, pale, late, ok."""

    title: str
    shape: Shape = Shape.COUNT
    draw: Draw = Draw.NOT
    tone: str = "main"


@dataclass(frozen=True)
class Cell:
    """A value with the list behind it: `url` (of a rate's denominator), `n_url` of its numerator.

    `is_few`: a rate of so few that no percentage is told of it.
    """

    value: Rate | float | str | None
    url: str = ""
    n_url: str = ""
    is_few: bool = False

    @property
    def number(self) -> float | None:
        """What is drawn: a percentage to one decimal, or the value itself."""
        if isinstance(self.value, Rate):
            share = self.value.value
            return None if share is None or self.is_few else int(share * 1000) / 10
        return None if isinstance(self.value, str) else self.value

    @property
    def counts(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.value.d if isinstance(self.value, Rate) else self.number)

    @property
    def text(self) -> str:
        if isinstance(self.value, Rate):
            return "—" if self.is_few else self.value.percent
        if self.value is None:
            return "—"
        return self.value if isinstance(self.value, str) else f"{self.value:g}"


@dataclass(frozen=True)
class Row:
    """One line of the table and one place on the chart. `short` is what stands at the axis."""

    name: str
    cells: tuple[Cell, ...]
    short: str = ""
    url: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Chart:
    """`head` names the rows. `is_across`: bars lie. `note` is told beneath; `words` say what the chart shows;
    of more rows than `most` the first are drawn."""

    key: str
    title: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    words: str = ""
    note: str = ""
    is_across: bool = False
    most: int = 1000

    @property
    def is_empty(self) -> bool:
        return not any(cell.counts for row in self.rows for cell in row.cells)

    @property
    def drawn(self) -> dict[str, Any]:
        """What the script needs: names, and by drawn column its values, each with its list and its words."""
        rows = [row for row in self.rows if not row.is_total][: self.most]
        return {
            "key": self.key,
            "across": self.is_across,
            "names": [row.short or row.name for row in rows],
            "series": [
                {
                    "title": column.title,
                    "draw": column.draw.value,
                    "shape": column.shape.value,
                    "tone": column.tone,
                    "values": [_point(row.cells[place]) for row in rows],
                }
                for place, column in enumerate(self.columns)
                if column.draw is not Draw.NOT
            ],
        }


def _point(cell: Cell) -> dict[str, Any]:
    more = f"（{cell.value.fraction}）" if isinstance(cell.value, Rate) and cell.value.d else ""
    return {"value": cell.number, "text": cell.text + more, "url": cell.url}
