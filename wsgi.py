"""What a server (`gunicorn wsgi:app`) and the commands (`flask --app wsgi …`) load."""

import os
import sys

from flask import Flask

from assist import create_app
from assist.startup import refuse_demo_people
from config import ConfigError


def start() -> Flask:
    """The application, or one sentence on stderr and exit 1."""
    os.umask(0o027)  # database, uploads and sheets of first passwords are nobody else's to read
    try:
        made = create_app(os.environ)
        if not os.environ.get("FLASK_RUN_FROM_CLI"):
            refuse_demo_people(made)
    except ConfigError as error:
        sys.exit(f"无法启动：{error}")
    return made


app = start()
