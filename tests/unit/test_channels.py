"""The channels on the wire, against a real server: shapes and signatures of `robots.json`, and every way to fail."""

import hashlib
import hmac
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from assist.channels import ChannelBusy, ChannelDown, Letter, Line, NotSent, dingtalk, feishu, http, make
from assist.domain.clock import shanghai
from tests.gateway import Gateway, Reply

ROBOTS = json.loads((Path(__file__).parents[1] / "samples" / "robots.json").read_text(encoding="utf-8"))
NUMBER = "LC-20261123-0007"
URL = f"https://host/tickets/{NUMBER}"
CARD = Line(f"黄牌预警：{NUMBER} 剩1个工作日", "soon", URL, "黄牌预警", NUMBER, "剩1个工作日")
PLAIN = Line("企业方 [点我](http://bad) 有新进展 <@all>", "inf", URL)
VALUES: dict[str, dict[str, Any]] = {
    "wecom": {"key": "K"},
    "dingtalk": {"token": "T", "secret": "SECtest", "has_mentions": True},
    "feishu": {"hook": "ID", "secret": "test"},
    "sms": {
        "phone_field": "mobile",
        "text_field": "content",
        "id_field": "msgid",
        "secret_field": "pwd",
        "secret": "word",
        "more": "account=zqyh\nformat=json",
        "signature": "【聊城助企】",
        "success": '"code":0',
    },
    "webhook": {"secret": "shared"},
}
NAMES = sorted(VALUES)


def letter(*lines: Line, short: str = f"黄牌预警：{NUMBER} 剩1个工作日。请登录平台办理。") -> Letter:
    title = lines[0].title if len(lines) == 1 else f"您有{len(lines)}条消息"
    at = shanghai(2026, 11, 23, 10, 30)
    return Letter("k" * 32, "13800000000", title, "text", at, lines or (CARD,), short, "13800000000")


def channel(name: str, gateway: Gateway, path: str = "/send", **more: Any) -> Any:
    return make(name, {"url": gateway.url + path, **VALUES[name], **more})


# Signatures and bodies as published


def test_dingtalk_signs_as_published() -> None:
    vector = ROBOTS["dingtalk"]["vector"]
    assert dingtalk.sign(vector["secret"], vector["timestamp_ms"]) == vector["sign_urlencoded"]


def test_feishu_signs_as_published() -> None:
    vector = ROBOTS["feishu"]["vector"]
    assert feishu.sign(vector["secret"], vector["timestamp_s"]) == vector["sign"]


def test_wecom_gets_the_published_body_at_its_key(gateway: Gateway) -> None:
    assert channel("wecom", gateway).send(letter(CARD)) == "errcode=0"
    (got,) = gateway.received
    assert got.query == {"key": "K"}
    assert got.json == ROBOTS["wecom"]["body"]
    assert got.key == "k" * 32


def test_dingtalk_gets_the_published_body_signed_in_the_address(gateway: Gateway) -> None:
    channel("dingtalk", gateway).send(letter(CARD))
    (got,) = gateway.received
    assert got.json == ROBOTS["dingtalk"]["body"]
    query = got.query
    assert query["access_token"] == "T"
    assert quote_plus(query["sign"]) == dingtalk.sign("SECtest", query["timestamp"])
    assert len(query["timestamp"]) == 13


def test_feishu_gets_the_published_body_signed_inside(gateway: Gateway) -> None:
    channel("feishu", gateway, "/hook").send(letter(CARD))
    (got,) = gateway.received
    assert got.path == "/hook/ID"
    body = got.json
    assert body["sign"] == feishu.sign("test", body["timestamp"])
    published = ROBOTS["feishu"]["body"]
    assert {**body, "timestamp": published["timestamp"], "sign": published["sign"]} == published


def test_nobody_is_called_in_a_group_unless_that_is_switched_on(gateway: Gateway) -> None:
    channel("dingtalk", gateway, has_mentions=False).send(letter(CARD))
    body = gateway.received[0].json
    assert body["at"] == {"atMobiles": [], "isAtAll": False}
    assert "13800000000" not in body["markdown"]["text"]


def test_a_robot_without_a_signing_secret_is_not_signed(gateway: Gateway) -> None:
    channel("dingtalk", gateway, secret="").send(letter(CARD))
    channel("feishu", gateway, secret="").send(letter(CARD))
    assert "sign" not in gateway.received[0].query
    assert "sign" not in gateway.received[1].json


def test_an_sms_is_a_plain_form_with_the_fields_that_were_set_up(gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body='{"code":0,"id":"77"}')
    assert "77" in channel("sms", gateway).send(letter(CARD))
    form = gateway.received[0].form
    assert form == {
        "account": "zqyh",
        "format": "json",
        "mobile": "13800000000",
        "content": f"【聊城助企】黄牌预警：{NUMBER} 剩1个工作日。请登录平台办理。",
        "msgid": "k" * 32,
        "pwd": "word",
    }
    assert "http" not in form["content"]


def test_an_sms_is_never_longer_than_seventy_characters(gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body='{"code":0}')
    channel("sms", gateway).send(letter(CARD, short="很长的一句话" * 30))
    assert len(gateway.received[0].form["content"]) == 70


def test_a_webhook_is_signed_over_time_and_body(gateway: Gateway) -> None:
    channel("webhook", gateway).send(letter(CARD, PLAIN))
    (got,) = gateway.received
    signed = got.headers["x-assist-timestamp"].encode() + b"." + got.body
    expected = hmac.new(b"shared", signed, hashlib.sha256).hexdigest()
    assert got.headers["x-assist-signature"] == f"sha256={expected}"
    assert got.json["id"] == got.key
    assert [one["number"] for one in got.json["messages"]] == [NUMBER, ""]


@pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
def test_words_in_a_title_form_neither_a_link_nor_a_call_to_everybody(name: str, gateway: Gateway) -> None:
    channel(name, gateway).send(letter(PLAIN))
    said = gateway.received[0].body.decode()
    assert "](http://bad" not in said
    assert "<@all>" not in said
    assert "有新进展" in said


@pytest.mark.parametrize(("name", "most"), [("wecom", 4096), ("dingtalk", 20_000), ("feishu", 20_000)])
def test_many_that_go_as_one_fit_into_what_the_robot_takes(name: str, most: int, gateway: Gateway) -> None:
    channel(name, gateway).send(letter(*[CARD] * 200))
    body = gateway.received[0].json
    text = body["markdown"].get("content") or body["markdown"]["text"] if "markdown" in body else json.dumps(body)
    size = len(text.encode()) if "markdown" in body else len(gateway.received[0].body)
    assert size <= most
    said = gateway.received[0].body.decode()
    assert said.count(NUMBER) >= 400 or "请登录平台查看" in said


# Every way to fail is said


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("wecom", '{"errcode":93000,"errmsg":"invalid webhook url"}', "93000）：invalid webhook url"),
        ("dingtalk", '{"errcode":310000,"errmsg":"sign not match"}', "310000）：sign not match"),
        ("feishu", '{"code":19021,"msg":"sign match fail"}', "19021）：sign match fail"),
        ("feishu", "{}", "没有返回结果代码"),
        ("sms", '{"code":12,"msg":"余额不足"}', "短信网关没有接收.*余额不足"),
    ],
)
def test_a_refusal_inside_a_status_of_200_is_a_failure(name: str, body: str, said: str, gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body=body)
    with pytest.raises(NotSent, match=said) as refused:
        channel(name, gateway).send(letter(CARD))
    assert not isinstance(refused.value, ChannelDown)


@pytest.mark.parametrize(
    ("name", "body", "seconds"),
    [
        ("dingtalk", '{"errcode":130101,"errmsg":"send too fast"}', 600),
        ("wecom", '{"errcode":45009,"errmsg":"api freq out of limit"}', 60),
        ("feishu", '{"code":11232,"msg":"frequency limited"}', 60),
    ],
)
def test_a_robots_own_limit_silences_the_channel(name: str, body: str, seconds: int, gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body=body)
    with pytest.raises(ChannelBusy, match="限流") as busy:
        channel(name, gateway).send(letter(CARD))
    assert busy.value.seconds == seconds


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(500), ChannelDown, "对方系统出错（500）"),
        (Reply(503, hang_up=True), ChannelDown, "127.0.0.1"),
        (Reply(404), NotSent, "对方拒收（404）"),
        (Reply(302, headers={"Location": "http://elsewhere"}), NotSent, "接口地址已变更"),
        (Reply(429, headers={"Retry-After": "7"}), ChannelBusy, "7秒内不再发送"),
        (Reply(429, headers={"Retry-After": "soon"}), ChannelBusy, "60秒内不再发送"),
    ],
)
def test_whatever_the_other_side_does_is_one_sentence(
    name: str, reply: Reply, kind: type[NotSent], said: str, gateway: Gateway
) -> None:
    gateway.answer = lambda received: reply
    with pytest.raises(kind, match=said) as failure:
        channel(name, gateway).send(letter(CARD))
    assert not any(secret in str(failure.value) for secret in ("SECtest", "word", "shared", "key=K"))


@pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("body", ["<html>502 Bad Gateway</html>", "", "[]", "\x00\xff"])
def test_garbage_is_no_success(name: str, body: str, gateway: Gateway) -> None:
    gateway.answer = lambda received: Reply(body=body)
    with pytest.raises(NotSent, match="看不懂"):
        channel(name, gateway).send(letter(CARD))


def test_silence_is_said_as_such(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE_SECONDS", 0.2)
    gateway.answer = lambda received: Reply(sleep=0.6)
    with pytest.raises(ChannelDown, match="没有答复"):
        channel("wecom", gateway).send(letter(CARD))


@pytest.mark.parametrize("name", NAMES)
def test_a_server_that_is_not_there_is_said(name: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ChannelDown, match="连接不上 127.0.0.1"):
        make(name, {"url": f"http://127.0.0.1:{port}/x", **VALUES[name]}).send(letter(CARD))


def test_what_is_no_web_address_is_not_called() -> None:
    with pytest.raises(NotSent, match="不是有效的网址"):
        make("webhook", {"url": "file:///etc/passwd", "secret": "x"}).send(letter(CARD))
