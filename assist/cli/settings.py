"""`settings show` and `settings set NAME VALUE`: single settings from the command line."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from assist.domain.errors import Refused
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services import configuring
from assist.services.settings import current
from assist.services.work import Work


@click.group("settings", help="单项设置：电话、企业总数、专项诉求指定办理人")
def group() -> None:
    pass


@group.command("show", help="列出各项设置")
@with_appcontext
def show() -> None:
    values = current(db.session).values  # type: ignore[arg-type]
    for name, title in configuring.TITLES.items():
        click.echo(f"{name}　{title}：{values.get(name) or '（未设置）'}")


@group.command("set", help="设置一项，如：settings set oversight_phone 0635-1234567")
@click.argument("name")
@click.argument("value", default="")
@with_appcontext
def put(name: str, value: str) -> None:
    begin_writing(db.session)  # type: ignore[arg-type]
    work = Work(db.session, current_app.extensions["assist_time"])  # type: ignore[arg-type]
    try:
        shown = configuring.put(work, name, value)
    except Refused as error:
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    db.session.commit()
    click.echo(f"已设置 {configuring.TITLES[name]}：{shown}")


def register(app: Flask) -> None:
    app.cli.add_command(group)
