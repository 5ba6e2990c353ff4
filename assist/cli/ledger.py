"""`ledger …`: taking over the old ledger of problems (ledger A) as history. Exporting ledgers joins it later."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from assist.cli.workbook_words import echo_findings, refusals, work_of_command
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services.imports import history

group = AppGroup("ledger", help="诉求办理台账：转入历史")


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


def register(app: Flask) -> None:
    app.cli.add_command(group)
