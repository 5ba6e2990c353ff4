"""`calendar …`: a year's days off from a file. What it moves is said, ticket by ticket."""

import json
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from assist.cli.workbook_words import refusals, work_of_command
from assist.domain.clock import local
from assist.domain.errors import Invalid
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services import calendars
from assist.services.calendars import CalendarChange

LISTED = 50
MOST_BYTES = 1024 * 1024

group = AppGroup("calendar", help="工作日历：导入某年放假安排")


@group.command("import", help="导入一年的放假安排；在办诉求的时限以较晚者为准，已过的不变")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="只列出会改变什么，不写入")
def take_over(file: Path, only_check: bool) -> None:
    with refusals():
        content = _content(file)
        begin_writing(db.session)  # type: ignore[arg-type]
        change = calendars.import_year(work_of_command(), content)
        _say(change, only_check)
        if only_check:
            db.session.rollback()
        else:
            db.session.commit()


def _content(file: Path) -> object:
    if file.stat().st_size > MOST_BYTES:
        raise Invalid("文件太大，不像一年的放假安排。")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid("文件不是有效的 JSON（UTF-8 编码）。") from None


def _say(change: CalendarChange, only_check: bool) -> None:
    if change.is_nothing:
        click.echo(f"{change.year}年（{change.status.title}）与现有日历一致，没有变化。")
        return
    would = "将" if only_check else "已"
    click.echo(
        f"{change.year}年放假安排（{change.status.title}）{would}导入：{change.days_changed}天与原来不同，"
        f"{len(change.moved)}个进行中的时限{would}顺延。"
    )
    for moved in change.moved[:LISTED]:
        old, new = local(moved.old_due_at), local(moved.new_due_at)
        click.echo(f"{moved.ticket_number} {moved.title}：{old:%Y-%m-%d %H:%M} → {new:%Y-%m-%d %H:%M}")
    if len(change.moved) > LISTED:
        click.echo(f"……其余{len(change.moved) - LISTED}个从略。")


def register(app: Flask) -> None:
    app.cli.add_command(group)
