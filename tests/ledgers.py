"""Looking into workbooks that we wrote with other eyes than the library that wrote them: openpyxl, raw XML, Calc."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from flask.testing import FlaskClient

HEADING = 3
SOFFICE = shutil.which("soffice")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def headings(content: bytes) -> list[str]:
    return [cell.value for cell in opened(content)[HEADING]]


def rows(content: bytes) -> list[dict[str, Any]]:
    """The data rows by heading, without the last one that says how many there are."""
    sheet = opened(content)
    names = [cell.value for cell in sheet[HEADING]]
    found = [dict(zip(names, line, strict=True)) for line in sheet.iter_rows(min_row=HEADING + 1, values_only=True)]
    return [row for row in found if not str(row[names[0]]).startswith("合计")]


def last_line(content: bytes) -> list[Any]:
    sheet = opened(content)
    return [cell.value for cell in sheet[sheet.max_row]]


def xml(content: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(part).decode()


def cell_xml(content: bytes, place: str) -> str:
    """The raw element of one cell."""
    found = re.search(rf'<c r="{place}"[^>]*?(/>|>.*?</c>)', xml(content))
    assert found is not None, place
    return found[0]


def taken(client: FlaskClient, address: str) -> bytes:
    """The workbook at an address."""
    response = client.get(address, buffered=True)
    assert response.status_code == 200, (address, response.status_code)
    assert response.data.startswith(b"PK")
    return response.data


def converted(content: bytes, folder: Path, kind: str, options: str = "") -> Path:
    """What LibreOffice makes of a workbook: `pdf`, or `csv` as shown. Only where it is installed."""
    assert SOFFICE is not None
    source = folder / "ledger.xlsx"
    source.write_bytes(content)
    target = f"{kind}:{options}" if options else kind
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, home, "--headless", "--convert-to", target, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"ledger.{kind}"
