"""What enterprises ask about, and how often: some leaves of the category list come every day, some once a year."""

from random import Random

from assist.demo.texts import load

OFTEN = {
    "01": 16, "02": 13, "03": 12, "04": 15, "05": 14, "06": 8, "07": 6,
    "08": 6, "09": 3, "10": 4, "11": 2, "12": 4, "99": 1.5,
}  # fmt: skip
# Restricted matters have a person of their own and come rarely.
RESTRICTED, RARELY = "13", 0.3


def choose(rng: Random) -> str:
    """A leaf's code, by how often its group comes."""
    groups = {**OFTEN, RESTRICTED: RARELY}
    group = rng.choices(list(groups), weights=list(groups.values()))[0]
    return rng.choice([code for code in load().templates if code.startswith(group)])
