"""The environment turned into configuration: every variable is read, checked and defaulted here and nowhere else.

Not here: what an administrator sets on the settings page (`assist/services/settings.py`).
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

PROJECT = Path(__file__).resolve().parent
INSTANCE = PROJECT / "instance"
MIB = 1024 * 1024
WEAK_WORDS = ("change", "secret", "password", "example", "default", "123456", "abcdef", "qwerty", "yuanhang")
MAKE_A_KEY = "可用 python3 -c 'import secrets; print(secrets.token_hex(32))' 生成"


class ConfigError(Exception):
    """A wrong environment, as one Chinese sentence for whoever starts the programme."""


def load(environ: Mapping[str, str]) -> dict[str, Any]:
    """The Flask configuration for this environment. Raises ConfigError; never echoes a secret or a password."""
    env = _one_of(environ, "ASSIST_ENV", ("development", "production"))
    base_url = _base_url(environ)
    database = _database(environ)
    return {
        "ASSIST_ENV": env,
        "ASSIST_BASE_URL": base_url,
        "ASSIST_UPLOADS": str(_uploads(environ)),
        "ASSIST_SMTP_URL": _smtp_url(environ),
        "ASSIST_MAIL_FROM": _mail_from(environ),
        "ASSIST_TRUSTED_PROXIES": _trusted_proxies(environ),
        "SECRET_KEY": _secret(environ, "SECRET_KEY", env),
        "ASSIST_SECRETS_KEY": _secret(environ, "ASSIST_SECRETS_KEY", env),
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(database),
        "SESSION_COOKIE_NAME": "assist_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        # A ticket's files together (60 MB) and the words around them; a form's words alone stay small.
        "MAX_CONTENT_LENGTH": 62 * MIB,
        "MAX_FORM_MEMORY_SIZE": 2 * MIB,
        # A form lives as long as its session: an officer may write all afternoon.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _text(environ: Mapping[str, str], name: str, default: str = "") -> str:
    return environ.get(name, "").strip() or default


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = _text(environ, name, choices[0])
    if value not in choices:
        raise ConfigError(f"环境变量 {name} 的值“{value}”不对，只能是 {' 或 '.join(choices)}。")
    return value


def _database(environ: Mapping[str, str]) -> URL:
    """SQLite paths are relative to the project, whatever the working directory; PostgreSQL always by psycopg 3."""
    text = _text(environ, "DATABASE_URL", "sqlite:///instance/assist.db")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "环境变量 DATABASE_URL 不是有效的数据库地址，"
            "应形如 sqlite:///instance/assist.db 或 postgresql://用户:口令@主机/库名。"
        ) from None
    kind = url.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        if not url.database:
            raise ConfigError("环境变量 DATABASE_URL 没有写明数据库名称。")
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise ConfigError(f"环境变量 DATABASE_URL 只支持 sqlite 和 postgresql，不支持“{kind}”。")
    if not url.database or url.database == ":memory:":
        raise ConfigError("环境变量 DATABASE_URL 必须指向一个文件，内存数据库不能供多个进程共用。")
    path = PROJECT / url.database
    _folder(path.parent, "DATABASE_URL")
    return url.set(drivername="sqlite", database=str(path))


def _engine_options(url: URL) -> dict[str, Any]:
    if url.drivername == "sqlite":
        return {}
    return {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 10,
        "pool_recycle": 1800,
        "pool_pre_ping": True,
        # Short statements only: compiling them costs more than it saves.
        "connect_args": {"application_name": "assist", "options": "-c jit=off", "connect_timeout": 10},
    }


def _folder(path: Path, name: str) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ConfigError(f"环境变量 {name} 所指的目录 {path} 不存在，也无法建立。") from None


def _base_url(environ: Mapping[str, str]) -> str:
    host = _text(environ, "HOST", "127.0.0.1")
    port = _text(environ, "PORT", "8000")
    value = _text(environ, "ASSIST_BASE_URL", f"http://{host}:{port}").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(
            f"环境变量 ASSIST_BASE_URL 的值“{value}”不对，应是网站的完整地址，形如 https://zqyh.example.gov.cn。"
        )
    return value


def _uploads(environ: Mapping[str, str]) -> Path:
    path = PROJECT / _text(environ, "ASSIST_UPLOADS", "instance/uploads")
    _folder(path, "ASSIST_UPLOADS")
    if not os.access(path, os.W_OK):
        raise ConfigError(f"环境变量 ASSIST_UPLOADS 所指的目录 {path} 不能写入。")
    return path


def _smtp_url(environ: Mapping[str, str]) -> str:
    value = _text(environ, "ASSIST_SMTP_URL")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 25) > 0
    except ValueError:
        fits = False
    if not fits:
        raise ConfigError("环境变量 ASSIST_SMTP_URL 不对，应形如 smtps://用户:口令@mail.example.gov.cn:465。")
    return value


def _mail_from(environ: Mapping[str, str]) -> str:
    value = _text(environ, "ASSIST_MAIL_FROM")
    if value:
        local, at, host = parseaddr(value)[1].partition("@")
        if not (local and at and host) or "\n" in value:
            raise ConfigError(f"环境变量 ASSIST_MAIL_FROM 的值“{value}”不是有效的邮箱地址。")
    return value


def _trusted_proxies(environ: Mapping[str, str]) -> int:
    value = _text(environ, "ASSIST_TRUSTED_PROXIES", "0")
    if not value.isascii() or not value.isdigit() or int(value) > 5:
        raise ConfigError(
            f"环境变量 ASSIST_TRUSTED_PROXIES 的值“{value}”不对，应是本系统前面反向代理的层数，0 至 5。"
        )
    return int(value)


def _secret(environ: Mapping[str, str], name: str, env: str) -> str:
    value = _text(environ, name)
    if env == "production":
        if not value:
            raise ConfigError(f"正式环境必须设置环境变量 {name}（{MAKE_A_KEY}）。")
        if is_weak(value):
            raise ConfigError(f"环境变量 {name} 太弱，应是至少 32 位的随机字符（{MAKE_A_KEY}）。")
    return value or _kept_secret(INSTANCE / name.lower())


def is_weak(secret: str) -> bool:
    """Too short, too uniform, or made of words that stand in examples."""
    lowered = secret.lower()
    return len(secret) < 32 or len(set(secret)) < 10 or any(word in lowered for word in WEAK_WORDS)


def _kept_secret(path: Path) -> str:
    """Development only: a key made once. Linked into place whole, as web and scheduler may start together."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            handle, made = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(made, path)
            except FileExistsError:
                pass
            finally:
                os.unlink(made)
        return path.read_text().strip()
    except OSError:
        raise ConfigError(f"目录 {path.parent} 不能写入，无法保存开发环境的密钥。") from None
