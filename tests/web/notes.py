"""A page with a form that is added to an application under test, in the three ways a view can be marked."""

from flask import redirect, render_template_string, request
from wtforms import BooleanField, HiddenField, PasswordField, SelectChoice, SelectMultipleField, StringField

from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires, signed_in
from tracker.web.forms import Form, required, trimmed
from tracker.web.typed import keeps_typed

PAGE = """
{% extends "layouts/signed_in.html" %}
{% from "components/forms.html" import field, summary %}
{% block title %}Anteckning{% endblock %}
{% block content %}
  <h1>Anteckning</h1>
  {{ summary(form) }}
  <form method="post" novalidate>
    {{ form.csrf_token }}{{ form.version }}
    {{ field(form.text) }}{{ field(form.kinds) }}{{ field(form.urgent) }}{{ field(form.password) }}
    <button type="submit">Spara</button>
  </form>
  <form method="post" action="/anteckning/1/klar" novalidate>
    {{ form.csrf_token(id="other") }}<button type="submit">Klar</button>
  </form>
{% endblock %}
"""


class NoteForm(Form):
    """Fields of every kind that a form of ours has."""

    text = StringField("Text", [required("Skriv något.")], filters=[trimmed])
    kinds = SelectMultipleField(
        "Slag", choices=[SelectChoice(*pair) for pair in (("a", "Ett"), ("b", "Två"), ("c", "Tre"))]
    )
    urgent = BooleanField("Brådskande")
    version = HiddenField()
    password = PasswordField("Lösenord")


class Notes:
    """What the views have saved, and the version that is the present one."""

    def __init__(self) -> None:
        self.saved: list[tuple[object, ...]] = []
        self.version = "1"

    def view(self, **_arguments: object):
        """The page, and what is done with what it sends."""
        form = NoteForm(version=self.version)
        if form.validate_on_submit():
            if form.version.data != self.version:
                form.refuse(RuleViolation("conflict", "Någon annan har ändrat.", "text"))
            else:
                self.saved.append((form.text.data, form.kinds.data, form.urgent.data))
                return redirect("/", 303)
        return render_template_string(PAGE, form=form), 422 if request.method == "POST" else 200

    def done(self):
        """A button's view, without a page of its own."""
        self.saved.append(("klar",))
        return redirect("/", 303)


def add_notes(app) -> Notes:
    """Adds /anteckning/… (kept), /slarvig (not marked), /noga (asked again to send), /hemlig (asked again to see)."""
    notes = Notes()
    both = {"methods": ["GET", "POST"]}

    def add(path, name, mark, view=notes.view, **options):
        def made(**arguments):
            return view(**arguments)

        app.add_url_rule(path, name, mark(made), **options)

    add("/anteckning/<int:number>", "note", lambda view: keeps_typed(signed_in(view)), **both)
    add("/anteckning/<int:number>/klar", "note_done", signed_in, lambda number: notes.done(), methods=["POST"])
    add("/slarvig", "careless", signed_in, **both)
    add("/noga", "careful", requires(Permission.READ_DECISIONS, confirmed="POST"), **both)
    add("/noga/klar", "careful_done", requires(Permission.READ_DECISIONS, confirmed=True), notes.done, methods=["POST"])
    add("/hemlig", "secret", requires(Permission.READ_DECISIONS, confirmed=True), **both)
    return notes


def chosen(page, name: str = "kinds") -> list[str]:
    """The options that are chosen in a list."""
    (select,) = [element for element in page.tree.iter("select") if element.get("name") == name]
    return [option.get("value") for option in select.iter("option") if option.get("selected") is not None]


def ticked(page, name: str = "urgent") -> bool:
    """Whether a box is ticked."""
    (box,) = [element for element in page.tree.iter("input") if element.get("name") == name]
    return box.get("checked") is not None
