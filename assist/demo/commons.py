"""共性问题 in the demo world: what several enterprises asked about, three solved and published, one still studied.

Tickets are grouped by their category and the words of their title. No word here names an enterprise.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from assist.demo.population import People
from assist.demo.stage import Stage, Story
from assist.models import Category, Ticket
from assist.services import theming

WITHIN = timedelta(days=300)
LEAST, MOST = 3, 9  # enterprises that make it common, tickets that are listed


@dataclass(frozen=True)
class Common:
    """Found so many working days ago in a category, by words of the title; without a solution it is studied still."""

    days: int
    category: str
    words: tuple[str, ...]
    title: str
    description: str
    solution: str = ""
    public: str = ""


COMMONS = (
    Common(
        168,
        "0502",
        ("消防手续", "改变用途", "消防验收"),
        "老厂房、改变用途的车间如何补办消防手续",
        "多家企业的厂房建成较早，没有消防验收手续，或改变用途后不知如何申报。",
        "市住建局会同消防救援支队按建成时间分三类处理，设联审专窗，每月集中会审两次。",
        "厂房建成较早、没有消防手续的，按建成时间分三类补办：不涉及改造的，凭现状评估报告备案；改变用途的，先报设计审查再验收；"
        "已列入整改的，整改后一并验收。请到市住建局联审专窗咨询，每月第二、第四周集中会审。",
    ),
    Common(
        104,
        "0503",
        ("计量", "检定", "测量仪器"),
        "高精度计量器具在本市就近检定",
        "多家企业反映高精度量具、测量仪器本市检定不了，要送省城，来回一周。",
        "市市场监管局与省计量院商定，每季度在聊城设集中检定日，急用器具可预约上门。",
        "高精度量具和测量仪器可在每季度的集中检定日就近检定，无需送省城；急用的可在助企办预约上门。检定日前一个月公布，费用与省院相同。",
    ),
    Common(
        52,
        "0202",
        ("担保",),
        "政府性融资担保的反担保要求",
        "担保公司要求的反担保物过多，企业融资成本高。",
        "市地方金融监管局明确：单户500万元以下原则上不要求抵质押反担保，担保费率不超过1%。",
        "政府性融资担保单户500万元以下的，原则上不要求抵质押反担保，担保费率不超过1%。遇到额外要求的，可请服务专员与市地方金融监管局联系。",
    ),
    Common(
        7,
        "0104",
        ("环评", "VOCs", "总量"),
        "环评审批等待时间长、VOCs总量指标不足",
        "近三个月有多家企业技改项目等待环评批复或缺少总量指标，影响开工，请市生态环境局统筹研究。",
    ),
)


def plan(stage: Stage, people: People) -> None:
    for one in COMMONS:
        stage.plan(stage.days_ago(one.days, 10, 35), common(stage, people, one))


def common(stage: Stage, people: People, one: Common) -> Story:
    """Gathered by the city's coordinator, solved within two weeks, published a few days later."""
    numbers = _alike(stage, one)
    if not numbers:
        return
    keeper = people.city_coordinator
    made = stage.act(keeper, theming.make, one.title, one.description, one.category, numbers)
    stage.forget()
    if not one.solution:
        return
    yield stage.office(stage.time.at, 9 * 420)
    stage.act(keeper, theming.solve, made.id, one.solution)
    yield stage.office(stage.time.at, 3 * 420)
    stage.act(keeper, theming.publish, made.id, one.public)


def _alike(stage: Stage, one: Common) -> list[str]:
    """The latest tickets that are about it, if they come from enterprises enough."""
    rows = stage.session.execute(
        select(Ticket.number, Ticket.enterprise_id)
        .join(Category, Category.id == Ticket.category_id)
        .where(
            Category.code == one.category,
            or_(*(Ticket.title.contains(word) for word in one.words)),
            Ticket.submitted_at > stage.time.at - WITHIN,
            Ticket.parent_id.is_(None),
        )
        .order_by(Ticket.id.desc())
        .limit(MOST)
    ).all()
    return [row.number for row in rows] if len({row.enterprise_id for row in rows}) >= LEAST else []
