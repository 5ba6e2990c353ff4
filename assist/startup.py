"""What must hold before a server may serve. Not here: the environment (`config.py`), the build of the app."""

from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from assist.extensions import db
from assist.models import Account
from config import ConfigError


def refuse_demo_people(app: Flask) -> None:
    """In production, raise ConfigError while an account of the demo world exists: its password is public."""
    if app.config["ASSIST_ENV"] != "production":
        return
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                if not inspect(connection).has_table(Account.__tablename__):
                    return
                found = connection.scalar(select(Account.username).where(Account.is_demo).limit(1))
        except DBAPIError:
            raise ConfigError("连接不上 DATABASE_URL 所指的数据库，请检查地址、账号和数据库服务。") from None
        finally:
            # A server forks after this; its workers must not share a connection.
            db.engine.dispose()
    if found is not None:
        raise ConfigError(f"正式环境的数据库里有演示账号（如 {found}），其密码是公开的；请换用空的数据库。")
