"""What a sheet that we write looks like: its title and its columns, as rows of a table. Writing it is `writer`."""

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """What stands in a column. Codes and phones are text to every spreadsheet; days and moments are real dates."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """A column and where its value comes from: `key` of a row.

    What is not `is_printed` is folded away: it prints only when somebody unfolds it. `is_masked`: phone numbers in
    it are hidden unless they were asked for. `is_total`: its numbers are added up in the last row.
    """

    key: str
    title: str
    width: float
    shape: Shape = Shape.TEXT
    is_printed: bool = True
    is_masked: bool = False
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """`name` is the sheet's own; `frozen` columns stay in sight. `is_counted`: it ends with how many."""

    name: str
    title: str
    columns: tuple[Column, ...]
    frozen: int = 2
    is_counted: bool = True
    letter: str = ""

    @property
    def has_totals(self) -> bool:
        return any(column.is_total for column in self.columns)
