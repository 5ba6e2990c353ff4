"""How values read on a page: times in Shanghai, sizes, masked phones; and the addresses of static files."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request
from jinja2 import StrictUndefined

from assist.domain.clock import local, local_date
from assist.domain.masking import mask_phone

WEEKDAYS = "一二三四五六日"


def day_time(at: datetime | None) -> str:
    """11月23日 17:30; with the year when it is not this one."""
    if at is None:
        return "—"
    shown = local(at)
    year = "" if shown.year == local_date(current_app.extensions["assist_time"].now()).year else f"{shown.year}年"
    return f"{year}{shown.month}月{shown.day}日 {shown:%H:%M}"


def full_time(at: datetime | None) -> str:
    """2026年11月23日 星期一 17:30"""
    if at is None:
        return ""
    shown = local(at)
    return f"{shown.year}年{shown.month}月{shown.day}日 星期{WEEKDAYS[shown.weekday()]} {shown:%H:%M}"


def day(on: date | datetime | None) -> str:
    """11月23日, of a date or an instant."""
    if on is None:
        return "—"
    shown = local(on).date() if isinstance(on, datetime) else on
    year = "" if shown.year == local_date(current_app.extensions["assist_time"].now()).year else f"{shown.year}年"
    return f"{year}{shown.month}月{shown.day}日"


def full_day(on: date | datetime) -> str:
    """2026年11月23日 星期一"""
    shown = local(on).date() if isinstance(on, datetime) else on
    return f"{shown.year}年{shown.month}月{shown.day}日 星期{WEEKDAYS[shown.weekday()]}"


def size_text(size: int) -> str:
    """2.1MB, 830KB"""
    return f"{size / 1048576:.1f}MB" if size >= 1048576 else f"{max(1, round(size / 1024))}KB"


def masked_phone(number: str | None) -> str:
    """138****5678"""
    return mask_phone(number) if number else ""


@lru_cache(maxsize=256)
def _digest(path: str, changed: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]


def static_url(name: str) -> str:
    """The address of a static file with a mark of its content, so that it may be kept for long."""
    path = Path(current_app.static_folder or "") / name
    mark = _digest(str(path), path.stat().st_mtime) if path.is_file() else "0"
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={mark}"


def register(app: Flask) -> None:
    for each in (day_time, full_time, day, full_day, masked_phone, size_text):
        app.add_template_filter(each)
    app.add_template_global(static_url)
    if app.testing:  # a misspelt name shows nothing to a person, but fails a test
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
