"""What must hold before a server may serve, and what `make run` says when it cannot."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assist import create_app
from assist.cli import serve
from assist.domain.clock import FixedTime
from assist.domain.roles import Role
from assist.models import Account
from assist.startup import refuse_demo_people
from config import ConfigError

STRONG = "9f2c7a1e5b8d4036c1e7f0a94d2b6835"


def application(url: str, env: str) -> Flask:
    keys = {"SECRET_KEY": STRONG, "ASSIST_SECRETS_KEY": STRONG[::-1]}
    return create_app({"DATABASE_URL": url, "ASSIST_ENV": env, **keys}, {"TESTING": True})


def add_person(session: Session, time: FixedTime, is_demo: bool) -> None:
    session.add(
        Account(
            username="qiye001",
            name="张三",
            password_hash="x",
            roles=frozenset({Role.ENTERPRISE}),
            is_demo=is_demo,
            created_at=time.at,
        )
    )
    session.commit()


def test_production_refuses_to_start_while_a_demo_account_exists(
    database_url: str, session: Session, time: FixedTime
) -> None:
    add_person(session, time, is_demo=True)
    with pytest.raises(ConfigError, match="演示账号（如 qiye001）"):
        refuse_demo_people(application(database_url, "production"))


def test_production_starts_with_people_of_its_own(
    database_url: str, session: Session, time: FixedTime
) -> None:
    add_person(session, time, is_demo=False)
    refuse_demo_people(application(database_url, "production"))


def test_development_may_have_demo_accounts(database_url: str, session: Session, time: FixedTime) -> None:
    add_person(session, time, is_demo=True)
    refuse_demo_people(application(database_url, "development"))


def test_a_database_without_tables_holds_no_demo_account(
    new_database: Callable[[], AbstractContextManager[str]],
) -> None:
    with new_database() as url:
        refuse_demo_people(application(url, "production"))


def test_a_database_that_cannot_be_reached_stops_production_with_a_sentence() -> None:
    with pytest.raises(ConfigError, match="连接不上"):
        refuse_demo_people(application("postgresql://nobody:hush@127.0.0.1:1/none", "production"))


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"端口 {port} 已被占用.*PORT={port + 1}"):
            serve.address({"PORT": str(port)})


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_an_impossible_port_is_refused(port: str) -> None:
    with pytest.raises(ConfigError, match="PORT 的值"):
        serve.address({"PORT": port})


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ConfigError, match="不是本机的地址|不可用"):
        serve.address({"HOST": "192.0.2.1", "PORT": "8000"})


def test_the_procfile_names_the_two_processes() -> None:
    with open(os.path.join(serve.PROJECT, "Procfile"), encoding="utf-8") as file:
        names = [line.split(":")[0] for line in file if line.strip()]
    assert names == ["web", "jobs"]
