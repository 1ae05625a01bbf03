"""What was typed for a case that another has taken on meanwhile: nothing is saved, and the words are given back."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

MESSAGE = "Ärendet har kommit till ett annat läge. Inget är sparat. Läs vad som gäller nu, och ta med det som behövs."


def given_back(form: FlaskForm, heading: str, back: str) -> ResponseReturnValue:
    """The answer 409 with every text that the form was sent with; `back`: the page of the case."""
    texts = [
        (field.label.text, field.data)
        for field in form
        if isinstance(field, StringField) and not isinstance(field, HiddenField) and field.data
    ]
    return render_template("cases/given_back.html", heading=heading, back=back, message=MESSAGE, texts=texts), 409
