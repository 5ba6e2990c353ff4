"""The table of measurements, a line a page. What is measured is `pages`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    name: str
    size: int
    statements: int
    cpu_ms: float
    floor_ms: float
    p50_ms: float
    p95_ms: float
    sql_ms: float = 0.0
    rendering_ms: float = 0.0


def show(lines: list[Line]) -> None:
    """The table. What a page has beyond the bare one is told by where its CPU goes."""
    print(
        f"{'页面':<22}{'字节':>8}{'SQL':>5}{'CPU ms':>9}{'裸页 ms':>9}{'倍':>6}"
        f"{'查询 ms':>9}{'模板 ms':>9}{'p50 ms':>9}{'p95 ms':>9}"
    )
    for line in lines:
        beside = " " * 7 + "—" + " " * 5 + "—" + " " * 8 + "—" + " " * 8 + "—"
        if line.floor_ms:
            beside = (
                f"{line.floor_ms:>9.2f}{line.cpu_ms / line.floor_ms:>6.1f}"
                f"{line.sql_ms:>9.2f}{line.rendering_ms:>9.2f}"
            )
        print(
            f"{line.name:<22}{line.size:>8}{line.statements:>5}{line.cpu_ms:>9.2f}{beside}"
            f"{line.p50_ms:>9.2f}{line.p95_ms:>9.2f}"
        )
    print("查询：数据库驱动所用；模板：生成页面所用；其余是会话、权限、ORM 和日志。裸页没有这些。")
