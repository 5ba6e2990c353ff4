"""What the people of the demo world say about one problem: a filled template, and common phrases around it."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from assist.demo.texts import Correction, Supplement, Template, filling, load
from assist.domain.status import Difficulty, Outcome, Rating, Result, TicketType, Worded

Word = TypeVar("Word", bound=Worded)
MOST_CONSULTS = 0.42  # so many of the templates that ask a question are taken, else another is tried
OUTCOMES = {
    Result.SOLVED: {Outcome.SOLVED: 92, Outcome.PARTLY_SOLVED: 5, Outcome.EXPLAINED: 3},
    Result.PARTLY: {Outcome.PARTLY_SOLVED: 62, Outcome.PLANNED: 20, Outcome.SOLVED: 18},
    Result.ACKNOWLEDGED: {Outcome.EXPLAINED: 70, Outcome.PLANNED: 22, Outcome.UNFOUNDED: 8},
}


def _member(kind: type[Word], value: str) -> Word:
    return next(one for one in kind if one.value == value)


@dataclass
class Matter:
    """One problem in one enterprise's own words, and what its officer answers to them."""

    template: Template
    rng: Random
    progress_said: int = 0
    round_no: int = 1

    @property
    def category(self) -> str:
        return self.template.category

    @property
    def type(self) -> TicketType:
        return _member(TicketType, self.template.type)

    @property
    def difficulty(self) -> Difficulty:
        return _member(Difficulty, self.template.difficulty)

    def progress(self) -> str:
        """The next news, in the order in which they make sense; the last one is told differently."""
        said = self.template.progress
        self.progress_said += 1
        if self.progress_said <= len(said):
            return said[self.progress_said - 1]
        return self.rng.choice(load().phrases.owner_comments)

    def outcome_for(self, result: Result) -> Outcome:
        """What the officer reports when the enterprise will say this: an answer of the template where one fits."""
        weights = OUTCOMES[result]
        told = [_member(Outcome, reply.outcome) for reply in self.template.answers]
        fitting = [one for one in told if one in weights]
        if self.type is TicketType.CONSULT and result is Result.SOLVED:
            fitting = told
        among = {one: weights.get(one, 1) for one in fitting} or weights
        return self.rng.choices(list(among), weights=list(among.values()))[0]

    def answer(self, outcome: Outcome, round_no: int) -> str:
        """The words that tell of this outcome; a second round has an answer of its own."""
        if round_no == 2 and self.template.answer_2.outcome == outcome.value:
            return self.template.answer_2.text
        fitting = [reply.text for reply in self.template.answers if reply.outcome == outcome.value]
        if fitting and round_no == 1:
            return self.rng.choice(fitting)
        words = self.rng.choice(load().phrases.answers[outcome.value])
        return words.format(title=self.template.title, wish=self.template.wish or self.template.title)

    def return_reason(self, round_no: int) -> str:
        return self.template.return_reason if round_no == 1 else self.rng.choice(load().phrases.reopens)

    def pressing(self) -> str:
        return self.template.pressing or self.rng.choice(load().phrases.pressing)

    def supplement(self) -> Supplement:
        return self.rng.choice(load().phrases.supplements)

    def correction(self) -> Correction:
        return self.rng.choice(load().phrases.corrections)

    def difficulty_reason(self) -> str:
        return self.rng.choice(load().phrases.difficulty_reasons)

    def category_reason(self) -> str:
        return self.rng.choice(load().phrases.category_reasons)

    def comment(self) -> str:
        return self.rng.choice(load().phrases.comments)

    def owner_comment(self) -> str:
        return self.rng.choice(load().phrases.owner_comments)

    def nudge(self) -> str:
        return self.rng.choice(load().phrases.nudges)

    def withdrawal(self) -> str:
        return self.rng.choice(load().phrases.withdraws)

    def reopening(self) -> str:
        return self.rng.choice(load().phrases.reopens)

    def denial(self) -> str:
        return self.rng.choice(load().phrases.contact_denials)

    def thanks(self) -> str:
        return self.rng.choice(load().phrases.thanks)

    def grade(self, rating: Rating) -> str:
        return self.rng.choice(load().phrases.confirm[rating.value])


def matter(rng: Random, category: str, enterprise: str, chain: str, asked_on: date) -> Matter:
    """A problem of this category as this enterprise would have it at this time of the year."""
    texts = load()
    template = texts.choose(category, rng, chain, asked_on.month)
    for _ in range(4):
        if template.type != TicketType.CONSULT.value or rng.random() < MOST_CONSULTS:
            break
        template = texts.choose(category, rng, chain, asked_on.month)
    return Matter(filling.fill(template, rng, enterprise, chain, asked_on), rng)
