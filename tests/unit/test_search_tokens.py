"""Any Chinese query of one character or more finds what holds it, whatever the full-text engine."""

import re
import sqlite3
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assist.domain.search_tokens import (
    MOST_QUERY_TOKENS,
    fts5_query,
    index_tokens,
    normalise,
    postgres_query,
    query_tokens,
)

TEXTS = [
    "二期扩建项目需新增工业用地20亩，年度用地指标尚未落实",
    "VOCs排放总量指标不足，环评无法批复",
    "第2批贷款续贷",
    "诉求编号LC-20261123-0007，代码91350100M000100Y43",
    "企业窑炉😀不能停产🔥",
    "電",
]


def _index(texts: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(tokens, tokenize='unicode61')")
    for row, text in enumerate(texts):
        connection.execute("INSERT INTO found(rowid, tokens) VALUES (?, ?)", (row, index_tokens(text)))
    return connection


def _found(query: str, texts: list[str] = TEXTS) -> list[str]:
    match = fts5_query(query)
    rows = _index(texts).execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid", (match,))
    return [texts[row] for (row,) in rows]


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("用地", 0),
        ("地", 0),
        ("实", 0),
        ("电", None),
        ("電", 5),
        ("工业用地 指标", 0),
        ("voc", 1),
        ("ＶＯＣｓ", 1),
        ("VOCs排放", 1),
        ("第2批", 2),
        ("LC-20261123", 3),
        ("lc-2026", 3),
        ("91350100m0001", 3),
        ("停产", 4),
        ("地用", None),
        ("亩", 0),
    ],
)
def test_a_query_finds_its_text(query: str, row: int | None) -> None:
    found = _found(query)
    assert found == ([] if row is None else [TEXTS[row]])


def test_one_character_is_found_at_the_start_in_the_middle_and_at_the_end() -> None:
    assert _found("甲", ["甲乙丙", "丙甲乙", "丙乙甲", "甲", "乙丙"]) == ["甲乙丙", "丙甲乙", "丙乙甲", "甲"]


@pytest.mark.parametrize("nothing", ["", "  ", "😀🔥", "，。？！", "-", "*", '"', "%_"])
def test_a_query_without_words_is_empty(nothing: str) -> None:
    assert query_tokens(nothing) == []
    assert fts5_query(nothing) == postgres_query(nothing) == ""


def test_quotes_and_operators_in_a_query_are_harmless() -> None:
    assert _found('用地" OR tokens:*') == []
    assert _found("NOT 用地") == []
    assert re.fullmatch(r"[a-z0-9:*& ]*", postgres_query("用地' & !x | (y):*"))


def test_every_token_is_one_ascii_word() -> None:
    text = "用地 café Москва ก้า 1e5 3.14 a@b.cn http://x.cn 々 カタカナ 한국 ² Ⅲ ①㈱ 𠮷野家 ß İ"
    for token in index_tokens(text).split(" "):
        assert re.fullmatch(r"[hw][a-z0-9]+", token), token


def test_ten_thousand_characters_and_one_endless_word_are_harmless() -> None:
    long = index_tokens("用地指标" * 2_500)
    assert len(long.split(" ")) == 5
    assert max(map(len, index_tokens("a" * 10_000 + "é" * 10_000).split(" "))) < 200
    assert len(query_tokens("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏" * 400)) <= MOST_QUERY_TOKENS


def test_words_of_different_kinds_never_meet() -> None:
    assert _found("用", ["h" + "abcd", "habcd"]) == []
    assert _found("h", ["用地"]) == []


def test_a_word_with_an_accent_is_found_by_its_beginning() -> None:
    assert _found("caf", ["Café 用地"]) == ["Café 用地"]


@settings(max_examples=500)
@given(st.text(alphabet="用地指标甲乙aB1 2😀，é\n", max_size=30), st.data())
def test_every_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    begins_inside_a_word = bool(re.search(r"[aB12é]$", text[:start])) and bool(re.match(r"[aB12é]", piece))
    assume(not begins_inside_a_word)  # words are found from their beginning
    tokens = set(index_tokens(text).split(" "))
    for token in query_tokens(piece):
        if token.endswith("*"):
            assert any(have.startswith(token[:-1]) for have in tokens)
        else:
            assert token in tokens


@given(st.text(max_size=200))
def test_any_text_can_be_indexed_and_asked_for(text: str) -> None:
    words = index_tokens(text)
    assert words.isascii()
    match = fts5_query(text)
    if match:
        _index([text]).execute("SELECT rowid FROM found WHERE found MATCH ?", (match,)).fetchall()


def test_the_phrase_check_folds_as_the_index_does() -> None:
    assert normalise("ＶＯＣｓ排放") in normalise("技改项目vocs排放总量")
    assert normalise("㈱") == unicodedata.normalize("NFKC", "㈱").lower()
