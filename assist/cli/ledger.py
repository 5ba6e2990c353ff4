"""`ledger …`: taking over the old ledger of problems (ledger A) as history; taking out any of the six."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from assist.cli.workbook_words import echo_findings, refusals, work_of_command
from assist.domain.errors import Invalid
from assist.domain.ledgers import Ledger, named
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services import exporting
from assist.services.exporting import Wanted
from assist.services.imports import history
from assist.services.queries.ledgers.catalogue import SOURCES, filter_of

DAY = click.DateTime(formats=["%Y-%m-%d"])
LETTERS = click.Choice([one.letter for one in SOURCES], case_sensitive=False)

group = AppGroup("ledger", help="台账：转入历史、导出")


@group.command("import", help="把原台账（诉求办理台账）转入为历史；有问题时一行也不写入")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_over(file: Path) -> None:
    with refusals():
        begin_writing(db.session)  # type: ignore[arg-type]
        work = work_of_command()
        checked = history.check(work, file)
        echo_findings(checked.check)
        if checked.check.faults:
            click.echo("没有写入任何内容，请改正后再导入。", err=True)
            raise SystemExit(1)
        outcome = history.take_over(work, checked)
        db.session.commit()
        click.echo(outcome.sentence())


@group.command("export", help="导出台账 A B C D E F 到一个新文件；电话隐去中间四位")
@click.argument("letter", type=LETTERS)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", type=DAY, help="起始日期，如 2026-11-01")
@click.option("--to", "last", type=DAY, help="截止日期（含）")
@click.option("--whole-phones", "reason", default="", metavar="原因", help="要完整号码时写明原因，记入审计日志")
def take_out(letter: str, target: Path, first: datetime | None, last: datetime | None, reason: str) -> None:
    with refusals():
        if target.exists():
            raise Invalid(f"{target} 已存在，请换一个文件名。")
        ledger = named(letter)
        assert ledger is not None
        wanted = Wanted(ledger, filter_of(ledger, _span(ledger, first, last)), bool(reason.strip()), reason.strip())
        try:
            count = exporting.write(work_of_command(), wanted, target)
            begin_writing(db.session)  # type: ignore[arg-type]
            exporting.record(work_of_command(), wanted, count)
            db.session.commit()
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        click.echo(f"{ledger.title} {count} 行，已存为 {target}。")


def _span(ledger: Ledger, first: datetime | None, last: datetime | None) -> dict[str, str]:
    """The days as this ledger's filter knows them; a week or a month is told by any of its days."""
    days = {"since": first, "until": last, "week": last or first}
    found = {name: f"{on:%Y-%m-%d}" for name, on in days.items() if on is not None}
    return {**found, "month": found["week"][:7]} if found else {}


def register(app: Flask) -> None:
    app.cli.add_command(group)
