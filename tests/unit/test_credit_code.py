"""A credit code is right in every part, or the sentence says what is wrong with it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.domain.credit_code import ALPHABET, check, check_character, is_valid, normalise

SAMPLES = json.loads(
    (Path(__file__).parents[1] / "samples" / "credit_codes.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("code", SAMPLES["valid"])
def test_real_codes_are_accepted(code: str) -> None:
    assert check(code).is_valid


@pytest.mark.parametrize("code", SAMPLES["invalid"])
def test_wrong_codes_are_refused_with_a_sentence(code: str) -> None:
    found = check(code)
    assert not found.is_valid
    assert found.why


@pytest.mark.parametrize(("typed", "code"), SAMPLES["normalise"].items())
def test_width_case_and_spaces_do_not_matter(typed: str, code: str) -> None:
    assert normalise(typed) == code
    assert check(typed).is_valid


def test_the_letter_o_is_suggested_as_a_nought_and_i_as_a_one() -> None:
    assert check("9135010OM000100Y43").suggestion == "91350100M000100Y43"
    assert check("9I350100M000100Y43").suggestion == "91350100M000100Y43"


def test_a_look_alike_that_does_not_make_the_code_right_is_not_suggested() -> None:
    found = check("9135010OM000100Y44")
    assert found.why is not None
    assert "字母“O”" in found.why
    assert found.suggestion is None


def test_a_wrong_check_character_may_be_overridden_and_nothing_else_may() -> None:
    real = check("91350211M0000XUF46")
    assert real.is_overridable
    assert real.why is not None
    assert "R" in real.why
    assert not check("91350211M0000XUF4").is_overridable
    assert not check("9135010OM000100Y43").is_overridable
    assert not check("9135A100M000100Y43").is_overridable


@pytest.mark.parametrize("first", ["N2371502MF5040188", "A1110000600037341", "Y1371500MB2849231"])
def test_codes_led_by_a_letter_are_codes(first: str) -> None:
    code = first + check_character(first)
    assert check(code).is_valid
    wrong = first + ("0" if code[-1] != "0" else "1")
    assert check(wrong).is_overridable


def test_the_length_is_named() -> None:
    why = check("91371525MABH7CK").why
    assert why is not None
    assert "15位" in why
    assert check(" ").why == "没有填写统一社会信用代码"


@given(
    st.from_regex(r"9[1-3]3715[0-9]{2}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
    st.integers(0, 17),
    st.data(),
)
def test_one_wrong_character_is_always_noticed(head: str, body: str, at: int, data: st.DataObject) -> None:
    code = head + body + check_character(head + body)
    assert is_valid(code)
    other = data.draw(st.sampled_from([character for character in ALPHABET if character != code[at]]))
    assert not is_valid(code[:at] + other + code[at + 1 :])


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(typed: str) -> None:
    found = check(typed)
    assert found.is_valid or found.why
