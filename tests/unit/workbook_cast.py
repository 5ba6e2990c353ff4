"""What is known before a sheet is read, and small workbooks made for a test."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from assist.services.workbooks.dictionaries import (
    AreaName,
    Dictionaries,
    KnownContact,
    KnownOfficer,
    UnitName,
)
from assist.services.workbooks.findings import Fault
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.roster_sheet import RosterCheck, check_roster, read_roster

Change = Callable[[str], str]

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
ROSTER_200 = SAMPLES / "roster_200.xlsx"
ROSTER_FAULTS = SAMPLES / "roster_faults.xlsx"
LEDGER_HISTORY = SAMPLES / "ledger_history.xlsx"
TODAY = date(2026, 11, 23)

ROSTER_HEADINGS = [
    "序号", "企业名称", "统一社会信用代码", "县区", "产业链", "牵头领导", "工作组成员",
    "服务专员", "专员单位", "职务", "专员电话", "企业联系人", "联系人电话",
]  # fmt: skip
ROSTER_LINE: list[Any] = [
    1, "聊城甲轴承有限公司", "91371581MAG7AB165M", "临清市", "轴承", "曹晓国", "孔胜雪、施军",
    "张三", "市税务局", "科长", "13800000001", "钱一", "13900000001",
]  # fmt: skip
SECOND_LINE: list[Any] = [
    2, "聊城乙纺织有限公司", "91371503MAPC5YT0YN", "茌平区", "纺织服装", "曹晓国", "施军",
    "李四", "市财政局", "科长", "13800000002", "钱二", "13900000002",
]  # fmt: skip


def known() -> Dictionaries:
    """The dictionaries as first installed; nobody and no enterprise yet."""
    folder = ROOT / "assist" / "defaults"
    areas, chains, categories = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("areas", "chains", "categories")
    )
    leaves = [leaf for parent in categories["categories"] for leaf in parent["children"]]
    units = {leaf["unit"] for leaf in leaves if leaf.get("unit") not in (None, "属地政府")}
    return Dictionaries(
        areas=tuple(
            AreaName(
                area["code"],
                area["name"],
                tuple(alias for alias, name in chains["area_aliases"].items() if name == area["name"]),
                tuple(area.get("former_codes", ())),
            )
            for area in areas["areas"]
        ),
        chains=tuple(chains["chains"]),
        categories={leaf["name"]: leaf["code"] for leaf in leaves},
        units=tuple(UnitName(name) for name in sorted(units)),
    )


def known_after_roster() -> Dictionaries:
    """The same once roster_200.xlsx has been taken in."""
    rows = check_roster(read_roster(ROSTER_200), known()).rows
    return replace(
        known(),
        enterprises={row.credit_code: row.enterprise_name for row in rows},
        officers=tuple(KnownOfficer(row.officer_name, row.officer_phone, row.officer_unit) for row in rows),
        contacts=tuple(KnownContact(row.contact_name, row.contact_phone) for row in rows),
    )


def workbook(rows: Sequence[Sequence[Any]], *, before: Sequence[str] = (), name: str = "台账") -> bytes:
    """A workbook of one sheet; texts that begin with `{=` become real formulas."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate([*([title] for title in before), *rows]):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, str) and cell.startswith("{="):
                sheet.write_formula(number, column, cell, None, "")
            else:
                sheet.write(number, column, cell)
    book.close()
    return content.getvalue()


def roster_line(line: Sequence[Any] = ROSTER_LINE, **changes: Any) -> list[Any]:
    """A good line with some cells, named by heading, changed."""
    cells = list(line)
    for heading, value in changes.items():
        cells[ROSTER_HEADINGS.index(heading)] = value
    return cells


def roster_of(*lines: Sequence[Any], dictionaries: Dictionaries | None = None, **options: Any) -> RosterCheck:
    """The check of a roster of these lines; the first stands in row 2."""
    sheet = read_roster(workbook([ROSTER_HEADINGS, *lines]))
    return check_roster(sheet, dictionaries or known(), **options)


def only(faults: Sequence[Fault]) -> Fault:
    """The one fault there is; shows them all when there are more."""
    assert len(faults) == 1, [fault.line() for fault in faults]
    return faults[0]


def refused(source: bytes | Path) -> str:
    with pytest.raises(WorkbookProblem) as caught:
        read_roster(source)
    sentence = caught.value.sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence
    return sentence


def rewritten(content: bytes, **changes: Change) -> bytes:
    """The workbook with parts of its XML changed: `sheet1=…`, `workbook=…`."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            text = old.read(member)
            change = changes.get(Path(member.filename).stem)
            if change is not None and member.filename.endswith(".xml"):
                text = change(text.decode()).encode()
            new.writestr(member.filename, text)
    return result.getvalue()


def with_member(content: bytes, name: str, text: bytes) -> bytes:
    result = io.BytesIO(content)
    with zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return result.getvalue()


GOOD_ROSTER = workbook([ROSTER_HEADINGS, ROSTER_LINE])
