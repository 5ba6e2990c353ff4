"""`backup create PATH` and `backup restore PATH`: database and uploads in one file, into an empty place."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from assist.cli.database import current_state
from assist.domain.errors import Refused
from assist.extensions import db
from assist.services.backing_up import restoring, writing


@click.group("backup", help="备份与恢复（数据库和附件）")
def group() -> None:
    pass


def _revision() -> str:
    return "+".join(sorted(current_state().current))


@group.command("create", help="备份到一个新的 .zip 文件")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def create(path: Path) -> None:
    uploads = Path(current_app.config["ASSIST_UPLOADS"])
    now = current_app.extensions["assist_time"].now()
    try:
        made = writing.create(db.engine, uploads, path, _revision(), now)
    except Refused as error:
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    click.echo(f"已备份到 {made.path}：{made.rows} 行数据，{made.files} 个附件，{made.size / 1048576:.1f} MB")


@group.command("restore", help="从备份文件恢复到空的数据库和空的附件目录")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def restore(path: Path) -> None:
    uploads = Path(current_app.config["ASSIST_UPLOADS"])
    try:
        done = restoring.restore(db.engine, uploads, path, _revision())
    except Refused as error:
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    click.echo(f"已恢复：{done.rows} 行数据，{done.files} 个附件")


def register(app: Flask) -> None:
    app.cli.add_command(group)
