"""One writer of a ticket's status, one source of time, one commit per action."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, calls, dotted, everything, modules

WRITER = "assist.services.transitions"
CLOCK = "assist.domain.clock"
COMMITTER = "assist.web.guards"
# Other things that have a status of their own. Whatever else is called something, it may be a ticket.
NOT_TICKETS = {
    "delivery",
    "year",
    "request",
    "task",
    "handover",
    "visit",
    "supervision",
    "theme",
    "export",
    "change",
    "response",
    "row",
}
RAW_WRITE = re.compile(r"\b(update|insert\s+into)\s+ticket\b", re.IGNORECASE)


def assigned(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return []


def names_status(call: ast.Call) -> bool:
    """Whether a call is given `status=…`, a dict with that key, or a dict that cannot be read from here."""
    for keyword in call.keywords:
        if keyword.arg in ("status", None):
            return True
    return any(
        isinstance(argument, ast.Dict)
        and any(isinstance(key, ast.Constant) and key.value == "status" for key in argument.keys)
        for argument in call.args
    )


def starts_with(call: ast.Call, *makers: str) -> bool:
    """Whether a chain like update(Ticket).where(…).values(…) begins with one of these over Ticket."""
    node: ast.AST = call
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in makers:
            return bool(node.args) and dotted(node.args[0]).split(".")[-1] == "Ticket"
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def is_status_call(call: ast.Call) -> bool:
    """Whether a call makes a ticket with a status, or sets the status of one."""
    name = dotted(call.func).split(".")[-1]
    if name == "Ticket":
        return names_status(call)
    if name in ("setattr", "set_committed_value") and len(call.args) > 1:
        return isinstance(call.args[1], ast.Constant) and call.args[1].value == "status"
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "values":
        return names_status(call) and starts_with(call, "update", "insert")
    return call.func.attr == "update" and "query(Ticket" in ast.unparse(call)


def status_writes(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        for target in assigned(node):
            if isinstance(target, ast.Attribute) and target.attr == "status":
                owner = dotted(target.value).split(".")[-1]
                if owner not in NOT_TICKETS:
                    yield node
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW_WRITE.search(node.value):
            yield node
    yield from (call for call in calls(module) if is_status_call(call))


def test_only_transitions_writes_the_status_of_a_ticket() -> None:
    wrong = [
        f"{module.at(node)} {ast.unparse(node)[:80]}"
        for module in modules()
        if module.name != WRITER
        for node in status_writes(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_search_for_writers_finds_them_all() -> None:
    """The rule above is only worth something while it recognises the ways to break it."""
    text = """
ticket.status = x
self.ticket.status = x
Ticket(number=1, status=x)
Ticket(**words)
setattr(ticket, "status", x)
update(Ticket).where(a).values(status=x)
update(Ticket).values({"status": x})
session.execute(insert(Ticket).values(**words))
text("UPDATE ticket SET status = 'closed'")
"""
    sample = Module(modules()[0].path, "assist.sample", text, ast.parse(text))
    assert {getattr(node, "lineno", 0) for node in status_writes(sample)} == set(range(2, 11))


TELLS_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.date.today", "time.time", "time.localtime", "time.gmtime", "time.time_ns",
}  # fmt: skip


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    wrong = [
        f"{module.at(node)} {dotted(node)}"
        for module in everything()
        if module.name != CLOCK and not module.name.startswith("bench")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and dotted(node) in TELLS_TIME
    ]
    assert not wrong, "\n".join(wrong)


def ends_transaction(call: ast.Call, *ways: str) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ways


def test_a_service_never_ends_the_transaction_it_was_given() -> None:
    wrong = [
        module.at(call)
        for module in modules()
        if module.place in ("services", "models", "domain")
        # `begin_writing` lets go of what was read before the work began.
        and module.name != "assist.models.engine"
        for call in calls(module)
        if ends_transaction(call, "commit", "rollback")
    ]
    assert not wrong, "\n".join(wrong)


def test_a_view_commits_through_the_guards_only() -> None:
    wrong = [
        f"{module.at(call)} {dotted(call.func)}"
        for module in modules()
        if module.place == "web" and module.name != COMMITTER
        for call in calls(module)
        if ends_transaction(call, "commit") and dotted(call.func) != "guards.commit"
    ]
    assert not wrong, "\n".join(wrong)
