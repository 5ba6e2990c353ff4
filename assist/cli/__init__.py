"""The commands, one noun a file. A new file is added by one import and one line in `COMMANDS`.

A command says what it did and exits 0, or says why not and exits 1 (bad input) or 2 (usage). Not here: what they do.
"""

from flask import Flask

from assist.cli import (
    accounts,
    audit,
    backup,
    calendar,
    database,
    demo,
    figures,
    jobs,
    ledger,
    roster,
    settings,
)

COMMANDS = (
    accounts.register,
    audit.register,
    backup.register,
    calendar.register,
    database.register,
    figures.register,
    demo.register,
    jobs.register,
    ledger.register,
    roster.register,
    settings.register,
)


def register(app: Flask) -> None:
    """Hang every command on the application."""
    for add in COMMANDS:
        add(app)
