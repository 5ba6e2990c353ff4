"""What the people of the demo world are called and what they say. (Preliminary.)"""

import random
from dataclasses import dataclass, field
from typing import Any

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = ["建华", "桂芳", "志强", "秀英", "明远", "海燕", "国栋", "丽娟", "晓东", "春梅", "永刚", "文静", "立新", "玉兰", "振国", "雪梅", "兆亮", "凤霞", "庆山", "静怡", "光明", "素珍", "宏伟", "爱华", "传峰", "淑贞", "学军", "敏", "磊", "洋", "勇", "杰", "涛", "超", "艳", "霞"]
TRADES = {"有色金属": "铝业", "绿色化工": "精细化工", "高端装备": "机械装备", "新能源汽车及零部件": "汽车部件", "农副产品加工": "食品", "纺织服装": "纺织", "医药健康": "生物科技", "轴承": "轴承制造", "绿色建材": "新型建材", "新一代信息技术": "电子科技", "新材料": "新材料", "造纸木业": "木业"}
BRANDS = ["瑞丰", "鑫源", "恒泰", "东信", "鲁源", "宏远", "金号", "华建", "中正", "润泽", "凯达", "远大", "盛邦", "嘉隆", "天和", "博瑞", "德通", "新合", "昌润", "信达"]


def person_name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


@dataclass
class Matter:
    category: str
    title: str
    description: str
    wish: str
    said: dict[str, list[str]] = field(default_factory=dict)

    def words(self, what: str, rng: random.Random, **given: Any) -> str:
        return rng.choice(self.said.get(what) or [f"{DEFAULT[what]}（{self.title}）"])


DEFAULT = {
    "contact": "已与企业联系人核实情况，了解诉求背景和期望。",
    "opinion": "已对接主管部门，初步判断可以协调解决，将按时答复。",
    "progress": "已会同主管部门到企业现场查看，正在研究办理方案。",
    "internal": "已电话沟通科室负责人，待分管领导批示。",
    "solved": "经协调，您反映的问题已办理完毕，请确认。",
    "partly_solved": "经协调，主要问题已解决，其余部分正在推进。",
    "planned": "您反映的事项已列入下一步工作计划，将按计划实施。",
    "explained": "经核实，按现行政策暂不具备条件，现将有关规定向您说明。",
    "unfounded": "经现场核实，反映的情况与实际不符，特此说明。",
    "account": "与主管部门两次会商，形成一致意见。",
    "correction": "更正：此前答复中的办理时间有误，以本次为准。",
    "correction_reason": "日期笔误",
    "ask_supplement": "请补充相关合同和批复复印件。",
    "supplement": "材料已补充，请查收。",
    "return": "问题还没有实际解决，请继续办理。",
    "reopen": "问题又出现了，请重新办理。",
    "withdraw": "问题已自行解决，撤回诉求。",
    "comment": "补充一点情况：工期比较紧，请尽快。",
    "owner_comment": "请留意接听电话，我们明天上午到企业。",
    "nudge": "请尽快办理。",
    "pressing": "影响正常生产。",
    "rating": "专员很负责，问题解决得快。",
    "low_rating": "等的时间太长。",
    "reason": "涉及多个部门，需要会商。",
    "category_reason": "根据内容更正类别。",
}


def matter(rng: random.Random, code: str, name: str) -> Matter:
    return Matter(code, f"{name}方面的问题希望协调解决", f"我公司在{name}方面遇到困难，已影响项目推进，希望有关部门协调。", "希望尽快解决。")
