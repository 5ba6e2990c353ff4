"""What the people of the demo world say about one problem: a filled template, and common phrases around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

from assist.demo.texts import Correction, Supplement, Template, filling, load
from assist.domain.status import Difficulty, Outcome, Rating, Result, TicketType, Worded

Word = TypeVar("Word", bound=Worded)
Text = TypeVar("Text")
MOST_CONSULTS = 0.42  # so many of the templates that ask a question are taken, else another is tried
OUTCOMES = {
    Result.SOLVED: {Outcome.SOLVED: 92, Outcome.PARTLY_SOLVED: 5, Outcome.EXPLAINED: 3},
    Result.PARTLY: {Outcome.PARTLY_SOLVED: 62, Outcome.PLANNED: 20, Outcome.SOLVED: 18},
    Result.ACKNOWLEDGED: {Outcome.EXPLAINED: 70, Outcome.PLANNED: 22, Outcome.UNFOUNDED: 8},
}
# Common phrases that can be said about some groups of categories only; those with none fit no general use.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "合同首页": ("01", "02", "07", "09", "10", "11"),
    "位置示意图": ("01", "06"),
    "工种": ("03",),
    "台账或者缴费单": ("01", "03", "04", "12"),
    "设备型号": ("08", "12"),
    "环评批复": ("12",),
    "对账单": ("02", "04", "10"),
    "检测或评估": ("01", "05", "06", "12"),
    "历史遗留": ("01", "05", "06"),
    "资金安排": ("04", "10"),
    "逐项核对单据": ("04", "10", "11"),
    "生产线已经停": ("01", "09", "12"),
    "设备和人员都已到位": ("01", "05", "06"),
    "安全隐患": ("01", "05", "06", "12"),
    "资金马上到期": ("02", "04", "10"),
    "设备厂家": ("01", "05"),
    "供应商": ("09",),
    "昨天又发生": ("01", "06"),
    "第二个办法": (),
    "现场今天施工": (),
    "对方单位": (),
}
WAITING = (
    "承办单位还在核对材料，我约好后天再去一趟，有结果当天告知。",
    "今天又和承办科室通了电话，方案已报分管负责人，等签批。",
    "各单位意见已经收齐，正在汇总，预计两三天内能形成答复。",
    "上次说的事项已经落实了一半，剩下的一项定在本周内办完。",
    "部门答复还差一个盖章件，我明天去窗口取，取到就发给贵公司。",
    "情况没有变化，承办单位按计划在办，我每两三天问一次。",
    "会商定在周四下午，需要贵公司一位熟悉情况的同志参加，时间地点另行电话告知。",
    "材料已经转到下一个环节，经办人换成了李科长，我已当面交接清楚。",
)


def _member(kind: type[Word], value: str) -> Word:
    return next(one for one in kind if one.value == value)


@dataclass
class Matter:
    """One problem in one enterprise's own words, and what its officer answers to them."""

    template: Template
    rng: Random
    news: list[str] = field(default_factory=list)

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
        """The next news, in the order in which they make sense; then what can be said while one waits."""
        if not self.news:
            self.news = [*self.template.progress, *self.rng.sample(WAITING, k=len(WAITING))]
        return self.news.pop(0)

    def _fitting(self, choices: Sequence[Text], words: Callable[[Text], str] = str) -> Text:
        """One of the phrases that can be said about a problem of this group."""
        group = self.category[:2]
        unfit = [word for word, groups in ONLY_IN.items() if group not in groups]
        return self.rng.choice([one for one in choices if not any(word in words(one) for word in unfit)])

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
        return filling.fallback_answer(outcome.value, self.template, self.rng)

    def return_reason(self, round_no: int) -> str:
        return self.template.return_reason if round_no == 1 else self.rng.choice(load().phrases.reopens)

    def pressing(self) -> str:
        return self.template.pressing or self._fitting(load().phrases.pressing)

    def supplement(self) -> Supplement:
        return self._fitting(load().phrases.supplements, lambda one: one.request)

    def correction(self) -> Correction:
        return self.rng.choice(load().phrases.corrections)

    def difficulty_reason(self) -> str:
        return self._fitting(load().phrases.difficulty_reasons)

    def category_reason(self) -> str:
        return self.rng.choice(load().phrases.category_reasons)

    def comment(self) -> str:
        return self._fitting(load().phrases.comments)

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
