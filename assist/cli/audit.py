"""`audit verify`: reads every chain again and checks what must hold; exit 1 with the list of what does not."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from assist.cli.database import require_current
from assist.extensions import db
from assist.services import anchoring
from assist.services.queries import invariants

SHOWN = 100
group = AppGroup("audit", help="核验流转记录和审计日志", short_help="核验")


@group.command("verify", help="核验全部流转记录、审计日志和诉求的各项约束")
def verify() -> None:
    require_current()
    with Session(db.engine) as session:
        found = anchoring.verify(session)
        log = anchoring.verify_log(session)
        found.take(log.faults)
        found.take(invariants.broken(session))
    told = f"诉求 {found.tickets} 件，流转记录 {found.events} 条，审计日志 {log.events} 条"
    if not found.fault_count:
        click.echo(f"核验通过：{told}，均完整、未被改动，各项约束均成立。")
        return
    click.echo(f"核验不通过：{told}，发现 {found.fault_count} 处不符：", err=True)
    for fault in found.faults[:SHOWN]:
        click.echo(f"  {fault.subject}：{fault.sentence}", err=True)
    if found.fault_count > SHOWN:
        click.echo(f"  另有 {found.fault_count - SHOWN} 处未列出。", err=True)
    raise SystemExit(1)


def register(app: Flask) -> None:
    app.cli.add_command(group)
