"""The texts of the demo world: enough of them, whole, and fit to be read by officials."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from assist.demo.texts import Template, load
from assist.demo.texts.filling import fallback_answer, fill
from assist.demo.texts.names import enterprise_name, person_name

DEFAULTS = Path(__file__).parents[2] / "assist" / "defaults"
CATEGORIES = json.loads((DEFAULTS / "categories.json").read_text(encoding="utf-8"))["categories"]
CHAINS = json.loads((DEFAULTS / "chains.json").read_text(encoding="utf-8"))["chains"]
AREAS = json.loads((DEFAULTS / "areas.json").read_text(encoding="utf-8"))["areas"]
LEAVES = {leaf["code"]: leaf for parent in CATEGORIES for leaf in parent["children"]}
TEMPLATES = [each for templates in load().templates.values() for each in templates]

TYPES = {"consult", "help", "suggest", "complain"}
DIFFICULTIES = {"general", "complex", "hard"}
OUTCOMES = {"solved", "partly_solved", "planned", "explained", "unfounded"}
RATINGS = {"very_satisfied", "satisfied", "fair", "unsatisfied", "very_unsatisfied"}
BANNED = ["按规定", "身份证", "高质量发展", "再上新台阶", "不忘初心", "砥砺前行", "TODO", "XX", "××"]
BANNED_ENTERPRISES = ["信发集团", "鲁西", "中通", "时风", "泉林", "祥光", "凤祥食品", "东阿阿胶", "国网"]


def texts_of(template: Template) -> Iterator[str]:
    yield from (template.title, template.description, template.wish, template.contact, template.opinion)
    yield from (template.internal, template.account, template.return_reason, template.answer_2.text)
    yield from template.progress
    yield from (each.text for each in template.answers)
    if template.pressing:
        yield template.pressing


def filled_many_ways(template: Template) -> Iterator[Template]:
    for seed in range(8):
        rng = Random(seed)
        chain = rng.choice(template.chains or CHAINS)
        yield fill(template, rng, "聊城某某有限公司", chain, date(2026, 1 + seed, 15))


def every_phrase() -> Iterator[str]:
    phrases = load().phrases
    yield from phrases.openers + phrases.closers + phrases.comments + phrases.withdraws + phrases.nudges
    yield from phrases.contact_denials + phrases.thanks
    yield from (each.request + each.supply for each in phrases.supplements)
    yield from (
        phrases.owner_comments + phrases.reopens + phrases.difficulty_reasons + phrases.category_reasons
    )
    yield from phrases.pressing + phrases.answer_openings + phrases.second_openings
    yield from (each.text + each.reason for each in phrases.corrections)
    for texts in (*phrases.confirm.values(), *phrases.answers.values(), *phrases.answer_closings.values()):
        yield from texts


def test_every_leaf_category_has_enough_templates() -> None:
    assert set(load().templates) == set(LEAVES)
    for code, leaf in LEAVES.items():
        least = 2 if leaf.get("restricted") else 5
        assert len(load().templates[code]) >= least, code


@pytest.mark.parametrize("code", sorted(LEAVES))
def test_every_chain_finds_a_template_in_every_month(code: str) -> None:
    for chain in CHAINS:
        for month in range(1, 13):
            assert any(each.suits(chain, month) for each in load().templates[code]), (chain, month)


def test_chosen_templates_suit_the_enterprise() -> None:
    for seed in range(200):
        assert load().choose("0503", Random(seed), "轴承").suits("轴承")


def test_chains_named_by_templates_exist() -> None:
    assert set(load().slots.chains) == set(load().names.trades) == set(CHAINS)
    for template in TEMPLATES:
        assert set(template.chains) <= set(CHAINS), template.title
        assert set(template.months) <= set(range(1, 13)), template.title


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.category}-{each.title[:12]}")
def test_a_filled_template_is_whole_and_of_fitting_length(template: Template) -> None:
    for filled in filled_many_ways(template):
        for text in texts_of(filled):
            assert text
            assert not re.search(r"[{}\[\]|]", text), text
        assert 4 <= len(filled.title) <= 30, filled.title
        assert 60 <= len(filled.description) <= 220, (len(filled.description), filled.description)
        assert all(len(each.text) <= 2000 for each in (*filled.answers, filled.answer_2))
        assert all(len(each.text) >= 30 for each in (*filled.answers, filled.answer_2))


def test_templates_use_the_words_of_the_programme() -> None:
    for template in TEMPLATES:
        assert template.type in TYPES
        assert template.difficulty in DIFFICULTIES
        assert {each.outcome for each in (*template.answers, template.answer_2)} <= OUTCOMES
        assert 1 <= len(template.answers) <= 2
        assert template.category.startswith("13") or len(template.progress) in (1, 2, 3)


def test_no_text_is_written_twice() -> None:
    for field in ("description", "contact", "opinion", "return_reason"):
        seen = [getattr(each, field) for each in TEMPLATES]
        assert len(seen) == len(set(seen)), field
    answers = [reply.text for each in TEMPLATES for reply in (*each.answers, each.answer_2)]
    assert len(answers) == len(set(answers))


def test_the_same_template_does_not_read_the_same_twice() -> None:
    described = {
        fill(template, Random(seed), "聊城某某有限公司", "轴承").description
        for template in TEMPLATES
        if not template.category.startswith("13")
        for seed in range(9)
    }
    assert len(described) > 1200


def test_no_banned_word_and_no_number_of_a_person() -> None:
    for text in [*every_phrase(), *(each for template in TEMPLATES for each in texts_of(template))]:
        assert not [word for word in (*BANNED, *BANNED_ENTERPRISES) if word in text], text
        assert not re.search(r"\d{7,}", text), text
        assert '"' not in text, text


def test_the_answer_speaks_of_the_amount_that_was_asked_about() -> None:
    both = [
        each for each in TEMPLATES if "{amount}" in each.description and "{amount}" in each.answers[0].text
    ]
    assert both
    for template in both:
        filled = fill(template, Random(3), "聊城某某有限公司", "轴承")
        asked, answered = (
            set(re.findall(r"\d+(?=万)", each)) for each in (filled.description, filled.answers[0].text)
        )
        assert asked & answered


def test_filling_is_the_same_for_the_same_seed() -> None:
    first, second = (fill(TEMPLATES[0], Random(7), "聊城某某有限公司", "轴承") for _ in range(2))
    assert first == second


def test_something_can_be_said_at_every_rating_and_with_every_outcome() -> None:
    assert set(load().phrases.confirm) == RATINGS
    assert set(load().phrases.answers) == set(load().phrases.answer_closings) == OUTCOMES
    filled = fill(TEMPLATES[0], Random(1), "聊城某某有限公司", "轴承")
    for outcome in OUTCOMES:
        assert not re.search(r"[{}\[\]|]", fallback_answer(outcome, filled, Random(2)))


def test_enough_distinct_people_and_enterprises() -> None:
    rng, people, enterprises = Random(1), set[str](), set[str]()
    for _ in range(700):
        person_name(rng, people)
    for turn in range(240):
        enterprise_name(rng, CHAINS[turn % len(CHAINS)], enterprises)
    assert (len(people), len(enterprises)) == (700, 240)
    assert all(2 <= len(name) <= 3 for name in people)
    assert all(name.startswith("聊城") and name.endswith("有限公司") for name in enterprises)
    assert not [name for name in enterprises if any(real in name for real in BANNED_ENTERPRISES)]


def test_units_cover_the_categories_and_the_areas() -> None:
    units = load().units
    city = {each.name for each in units if each.level == "city"}
    assert {leaf["unit"] for leaf in LEAVES.values() if "unit" in leaf} - {"属地政府"} <= city
    assert {each.area_code for each in units if each.level == "county"} == {each["code"] for each in AREAS}
    assert all(each.area_code is None for each in units if each.level == "city")
    known = [word for each in units for word in (each.name, *each.aliases)]
    assert len(known) == len(set(known))


def test_twelve_leaders_in_order() -> None:
    leaders = load().leaders
    assert [each.sort for each in leaders] == list(range(1, 13))
    assert len({each.name for each in leaders}) == 12
