"""What offices type is read for what it means, and nothing is guessed."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.domain import phone
from assist.domain.cells import (
    Unreadable,
    digits_text,
    is_blank,
    many_lines,
    name_key,
    one_line,
    parse_date,
    parse_yes_no,
    split_names,
    starts_formula,
)

THE_DAY = date(2026, 8, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "2026.8.20",
        "2026.08.20",
        "2026年8月20日",
        "2026年8月20号",
        "２０２６年８月２０日",
        "20260820",
        20260820.0,
        "2026/08/20",
        "2026-8-20",
        " 2026 . 8 . 20 ",
        "2026。8。20",
        "2026-08-20 09:30",
        "2026年8月20日9:30",
        46254.0,
        46254.4,
        "46254",
        date(2026, 8, 20),
        datetime.fromisoformat("2026-08-20T09:30"),
    ],
)
def test_a_date_is_read_however_it_is_written(typed: object) -> None:
    assert parse_date(typed) == THE_DAY  # type: ignore[arg-type]  # the point is the variety


def test_a_day_count_of_an_old_macintosh_file_starts_in_1904() -> None:
    assert parse_date(46254.0 - 1462, is_1904=True) == THE_DAY


@pytest.mark.parametrize("typed", ["", "  ", "\n", "/", "—", "无"])
def test_an_empty_mark_is_no_date_and_no_fault(typed: str) -> None:
    assert parse_date(typed) is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8月20日", "没有年份"),
        ("2026.8", "不完整"),
        ("2026.2.30", "没有2026年2月30日"),
        ("尽快", "不是日期"),
        ("1026.8.20", "年份1026"),
        (12.0, "不是日期"),
        (True, "日期"),
        (time(9, 30), "日期"),
    ],
)
def test_what_is_no_date_says_why(typed: object, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(typed)  # type: ignore[arg-type]  # the point is the variety
    assert why in caught.value.why


def test_a_year_of_two_digits_is_asked_with_a_suggestion() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date("26.8.20")
    assert caught.value.suggestion == "2026-08-20"


@given(st.text(max_size=40))
def test_any_text_gives_a_date_nothing_or_a_sentence(typed: str) -> None:
    try:
        found = parse_date(typed)
    except Unreadable:
        return
    assert found is None or 1950 <= found.year <= 2100


def test_a_number_is_text_without_its_point() -> None:
    assert digits_text(19906360000.0) == "19906360000"
    assert digits_text(1.5) == "1.5"


def test_spaces_breaks_and_invisible_characters_leave_a_name() -> None:
    assert one_line("  聊城 博大\n轴承制造有限公司\u200b\n") == "聊城博大轴承制造有限公司"
    assert one_line("ＡＢＢ（中国）　有限公司") == "ABB（中国）有限公司"
    assert one_line("Acme  Bearings Ltd") == "Acme Bearings Ltd"


def test_long_text_keeps_its_lines() -> None:
    assert many_lines(" 一、用地\r\n二、用能 _x000D_\n") == "一、用地\n二、用能"


def test_names_compare_without_width_case_and_spaces() -> None:
    assert name_key("聊城ＡＢＢ（中国） 公司") == name_key("聊城abb(中国)公司")


def test_several_names_in_a_cell_are_single_names_once() -> None:
    assert split_names("施军、苗长红，施军\n何桂；") == ("施军", "苗长红", "何桂")
    assert split_names("无") == ()


@pytest.mark.parametrize("typed", ["√", "是", " 已办结 ", True, "Y", "办结。"])
def test_the_many_ways_of_yes(typed: str | bool) -> None:
    assert parse_yes_no(typed) is True


@pytest.mark.parametrize("typed", ["否", "办理中", "×", False, "未办结"])
def test_the_many_ways_of_no(typed: str | bool) -> None:
    assert parse_yes_no(typed) is False


def test_neither_yes_nor_no_is_asked() -> None:
    assert parse_yes_no("") is None
    with pytest.raises(Unreadable):
        parse_yes_no("差不多")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM", " =cmd", "＝1"])
def test_what_a_spreadsheet_might_run_is_recognised(text: str) -> None:
    assert starts_formula(text)


def test_a_number_is_never_blank_and_a_dash_is() -> None:
    assert is_blank("—")
    assert not is_blank(0.0)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (19906360000.0, "19906360000"),
        ("199-0636-0161", "19906360161"),
        ("+86 199 0636 0161", "19906360161"),
        ("８６１９９０６３６０１６１", "19906360161"),
        ("0635-1234567", "0635-1234567"),
        ("（０６３５）８２３４５６７", "0635-8234567"),
        ("06358234567", "0635-8234567"),
        ("0635-8234567转801", "0635-8234567-801"),
        ("010-62345678", "010-62345678"),
    ],
)
def test_a_phone_is_read_however_it_is_written(typed: str | float, number: str) -> None:
    assert phone.normalise(typed) == number


@pytest.mark.parametrize(
    ("typed", "why", "suggestion"),
    [
        ("1990635", "只有7位", None),
        ("无", "不是电话号码", None),
        ("", "没有填写", None),
        ("8234567", "区号", "0635-8234567"),
        ("13800O12345", "字母", "13800012345"),
        ("13812345678/13912345678", "一格里只能写一个", "13812345678"),
        ("138123456789", "不是有效的手机号", None),
    ],
)
def test_what_is_no_phone_says_why_and_what_would_do(typed: str, why: str, suggestion: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        phone.normalise(typed)
    assert why in caught.value.why
    assert caught.value.suggestion == suggestion


def test_a_phone_once_read_stays_as_it_is() -> None:
    for number in ("19906360161", "0635-8234567-801"):
        assert phone.normalise(number) == number
