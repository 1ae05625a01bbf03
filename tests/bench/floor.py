"""The floor: the least that a signed-in list page costs on this stack, to measure our pages against.

One table, one indexed filter, keyset order, seven columns, Flask-Login; no roles, units, menu or count. The registers'
costs are told as multiples of this page, measured side by side on the same engine.
"""

import os
from datetime import date, timedelta

from flask import Flask, request
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Date, Index, String, bindparam, insert, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

ROWS = 100_000
BATCH = 10_000
app = Flask(__name__)
app.config.update(SECRET_KEY="floor", SQLALCHEMY_DATABASE_URI=os.environ["FLOOR_URL"])
db = SQLAlchemy(app)
manager = LoginManager(app)


class Person(UserMixin, db.Model):
    """Whoever is signed in."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Line(db.Model):
    """A row of the list."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    ref: Mapped[str] = mapped_column(String(40))
    decided_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (Index("ix_line_list", "state", "decided_on", "id"),)


@manager.user_loader
def load_person(person_id):
    """The person behind the cookie, by one look-up."""
    return db.session.get(Person, int(person_id))


PAGE = app.jinja_env.from_string(
    """<!doctype html><html lang="sv"><title>Lista</title><table>{% for r in rows %}<tr>
<td><a href="/line/{{ r.id }}">{{ r.ref }}</a><td>{{ r.state }}<td>{{ r.kind }}<td>{{ r.unit }}
<td>{{ r.decided_on }}<td>{{ r.due_on }}<td>{{ r.ended_on }}{% endfor %}</table>"""
)
SHOWN = (Line.id, Line.ref, Line.state, Line.kind, Line.unit, Line.decided_on, Line.due_on, Line.ended_on)
FIRST = (
    select(*SHOWN).where(Line.state == bindparam("state")).order_by(Line.decided_on.desc(), Line.id.desc()).limit(25)
)
NEXT = FIRST.where(tuple_(Line.decided_on, Line.id) < (bindparam("day"), bindparam("number")))


@app.get("/in")
def enter():
    """Signs in: sets the cookie."""
    login_user(db.session.get(Person, 1))
    return "in"


@app.get("/list")
@login_required
def listing():
    """The page."""
    values = {"state": "open"}
    after = request.args.get("after")
    if after:
        day, number = after.split("_")
        values |= {"day": date.fromisoformat(day), "number": int(number)}
    return PAGE.render(rows=db.session.execute(NEXT if after else FIRST, values))


def fill():
    """Makes the table and its rows."""
    with app.app_context():
        db.create_all()
        db.session.add(Person(id=1))
        first = date(2015, 1, 1)
        for start in range(0, ROWS, BATCH):
            rows = [
                {
                    "id": number + 1,
                    "state": "open" if number % 3 else "closed",
                    "kind": f"Insats {number % 12}",
                    "unit": f"Enhet {number % 40}",
                    "ref": f"B-{number:07d}",
                    "decided_on": first + timedelta(days=number % 4000),
                    "due_on": first + timedelta(days=number % 4000 + 91),
                    "ended_on": None,
                }
                for number in range(start, start + BATCH)
            ]
            db.session.execute(insert(Line), rows)
        db.session.commit()
