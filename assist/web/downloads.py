"""A workbook on its way to who asked for it: kept by him, and nowhere on the way."""

from io import BytesIO
from pathlib import Path

from flask import Response, send_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: BytesIO | Path, name: str) -> Response:
    answer = send_file(content, mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
