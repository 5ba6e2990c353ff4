"""共性问题: tickets of several enterprises under one solution: gathered, answered, published to help others."""

from assist.domain.status import Worded

SUGGESTED_FROM = 3  # enterprises with the same category and words before a theme is suggested


class ThemeStatus(Worded):
    OPEN = "open", "研究中", "soon"
    SOLVED = "solved", "已形成方案", "ok"
    PUBLISHED = "published", "已公开", "inf"
    CLOSED = "closed", "已撤销", "gr"
