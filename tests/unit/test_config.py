"""The environment: sensible without any setting, and one clear sentence for every wrong one."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import config
from config import ConfigError, load

STRONG = "9f2c7a1e5b8d4036c1e7f0a94d2b6835"
PRODUCTION = {"ASSIST_ENV": "production", "SECRET_KEY": STRONG, "ASSIST_SECRETS_KEY": STRONG[::-1]}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, so that nothing of the real one is made or read."""
    monkeypatch.setattr(config, "PROJECT", tmp_path)
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    return tmp_path


def test_without_any_setting_the_database_is_a_file_in_the_project(elsewhere: Path) -> None:
    url = load({})["SQLALCHEMY_DATABASE_URI"]
    assert url.drivername == "sqlite"
    assert url.database == str(elsewhere / "instance" / "assist.db")


def test_a_relative_path_is_relative_to_the_project_wherever_one_stands(
    elsewhere: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("other"))
    assert load({"DATABASE_URL": "sqlite:///kept/a.db"})["SQLALCHEMY_DATABASE_URI"].database == str(
        elsewhere / "kept" / "a.db"
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_leads_to_the_one_driver(scheme: str) -> None:
    url = load({"DATABASE_URL": f"{scheme}://u:p%40ss@db.example/assist"})["SQLALCHEMY_DATABASE_URI"]
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://u:p%40ss@db.example/assist"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DATABASE_URL": "mysql://localhost/x"}, "只支持 sqlite 和 postgresql"),
        ({"DATABASE_URL": "not a url"}, "不是有效的数据库地址"),
        ({"DATABASE_URL": "postgresql://u:p@host"}, "没有写明数据库名称"),
        ({"DATABASE_URL": "postgresql://u:p@host:port/x"}, "不是有效的数据库地址"),
        ({"DATABASE_URL": "sqlite://"}, "内存数据库"),
        ({"DATABASE_URL": "sqlite:////proc/no/such/a.db"}, "无法建立"),
        ({"ASSIST_ENV": "staging"}, "development 或 production"),
        ({"ASSIST_BASE_URL": "zqyh.example.gov.cn"}, "网站的完整地址"),
        ({"ASSIST_BASE_URL": "ftp://zqyh.example.gov.cn"}, "网站的完整地址"),
        ({"ASSIST_BASE_URL": "https://zqyh.example.gov.cn/?a=1"}, "网站的完整地址"),
        ({"ASSIST_UPLOADS": "/proc/no/such"}, "无法建立"),
        ({"ASSIST_SMTP_URL": "http://mail"}, "ASSIST_SMTP_URL"),
        ({"ASSIST_SMTP_URL": "smtp://mail:port"}, "ASSIST_SMTP_URL"),
        ({"ASSIST_MAIL_FROM": "nobody"}, "不是有效的邮箱地址"),
        ({"ASSIST_MAIL_FROM": "a@b.cn\nBcc: c@d.cn"}, "不是有效的邮箱地址"),
        ({"ASSIST_TRUSTED_PROXIES": "-1"}, "反向代理的层数"),
        ({"ASSIST_TRUSTED_PROXIES": "many"}, "反向代理的层数"),
        ({"ASSIST_TRUSTED_PROXIES": "²"}, "反向代理的层数"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_names_it(environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(environ)
    sentence = str(refused.value)
    assert words in sentence
    assert next(iter(environ)) in sentence
    assert sentence.endswith("。")


def test_a_password_in_an_address_is_never_repeated() -> None:
    for environ in (
        {"DATABASE_URL": "mysql://u:hush-hush@h/x"},
        {"DATABASE_URL": "postgresql://u:hush-hush@host:x/y"},
        {"ASSIST_SMTP_URL": "http://u:hush-hush@mail"},
    ):
        with pytest.raises(ConfigError) as refused:
            load(environ)
        assert "hush-hush" not in str(refused.value)


def test_development_makes_its_keys_once_and_keeps_them_to_itself(elsewhere: Path) -> None:
    first = load({})
    again = load({})
    assert first["SECRET_KEY"] == again["SECRET_KEY"] != first["ASSIST_SECRETS_KEY"]
    kept = sorted((elsewhere / "instance").glob("*_key"))
    assert [path.name for path in kept] == ["assist_secrets_key", "secret_key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


@pytest.mark.parametrize("name", ["SECRET_KEY", "ASSIST_SECRETS_KEY"])
def test_production_requires_each_key(name: str, elsewhere: Path) -> None:
    with pytest.raises(ConfigError, match=f"必须设置环境变量 {name}"):
        load({key: value for key, value in PRODUCTION.items() if key != name})
    assert not list(elsewhere.glob("instance/*_key"))


@pytest.mark.parametrize(
    "weak", ["short", "a" * 64, "change-me-9f2c7a1e5b8d4036c1e7f0a94d2b6835", "0123456789" * 4]
)
def test_production_refuses_a_weak_key_without_repeating_it(weak: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY 太弱") as refused:
        load({**PRODUCTION, "SECRET_KEY": weak})
    assert weak not in str(refused.value)


def test_production_starts_with_strong_keys() -> None:
    assert load(PRODUCTION)["SECRET_KEY"] == STRONG


def test_cookies_are_secure_only_where_the_address_is_https() -> None:
    assert load({})["SESSION_COOKIE_SECURE"] is False
    secure = load({"ASSIST_BASE_URL": "https://zqyh.example.gov.cn/"})
    assert secure["SESSION_COOKIE_SECURE"] is True
    assert secure["ASSIST_BASE_URL"] == "https://zqyh.example.gov.cn"
    assert secure["SESSION_COOKIE_HTTPONLY"] is True
    assert secure["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_form_may_carry_a_tickets_files_and_no_more() -> None:
    assert load({})["MAX_CONTENT_LENGTH"] == 62 * 1024 * 1024


def test_a_wrong_environment_stops_the_start_with_one_sentence_and_exit_1() -> None:
    project = Path(__file__).resolve().parents[2]
    stopped = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "ASSIST_ENV": "staging", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == 1
    assert stopped.stdout == ""
    assert stopped.stderr.startswith("无法启动：环境变量 ASSIST_ENV")
    assert len(stopped.stderr.strip().splitlines()) == 1
