"""The floor: a bare Flask page that renders as many bytes with one SELECT. What our pages are measured against."""

from flask import Flask, render_template_string
from sqlalchemy import Engine, text

ROW_BYTES = 160
TEMPLATE = (
    "<!doctype html><title>floor</title><table>{% for row in rows %}<tr><td>{{ row.number }}</td>"
    "<td>{{ row.title }}</td><td>{{ row.status }}</td><td>{{ filler }}</td></tr>{% endfor %}</table>"
)


def bare_app(engine: Engine, size: int) -> Flask:
    """An application whose only page is about `size` bytes: fifty rows of one SELECT, padded evenly."""
    app = Flask("floor")
    rows_wanted = 50
    filler = "x" * max(1, size // rows_wanted - 90)

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            query = text("SELECT number, title, status FROM ticket ORDER BY id DESC LIMIT 50")
            rows = connection.execute(query).all()
        return render_template_string(TEMPLATE, rows=rows, filler=filler)

    return app
