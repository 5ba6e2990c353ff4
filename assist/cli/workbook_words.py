"""What the commands that read files have in common: their piece of work, saying findings, and refusals as exits."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from assist.domain.errors import Refused
from assist.extensions import db
from assist.services.work import Work
from assist.services.workbooks.findings import Check


def work_of_command() -> Work:
    """A piece of work of the system itself, now."""
    return Work(db.session, current_app.extensions["assist_time"])  # type: ignore[arg-type]


def echo_findings(found: Check) -> None:
    """Notes, then one line a fault, then the counts if there are faults."""
    for note in found.notes:
        click.echo(f"提示　{note.line()}")
    for fault in found.faults:
        click.echo(f"错误　{fault.line()}")
    if found.faults:
        click.echo(f"共{found.row_count}行，{len(found.faults)}处问题，{len(found.rows)}行没有问题。")


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal is one sentence and exit 1; nothing stays half done."""
    try:
        yield
    except Refused as error:
        db.session.rollback()
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    except DBAPIError:
        db.session.rollback()
        click.echo("数据库拒绝了这次操作，没有写入任何内容。请确认已执行 db upgrade，稍后再试。", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        db.session.rollback()
        click.echo(f"文件读写不成功：{error.strerror or error}（{error.filename}）。", err=True)
        raise SystemExit(1) from None
