"""Is the process up, and can it serve? For load balancers and scripts, without sign-in."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.database import db
from tracker.settings import ROOT
from tracker.web.access import public

blueprint = Blueprint("health", __name__)


def newest_revision() -> str | None:
    """The newest migration in the migrations folder: their files bear their names, and the names are numbered."""
    return max((file.stem for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py")), default=None)


@blueprint.get("/halsa")
@public
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/redo")
@public
def ready() -> ResponseReturnValue:
    """The database answers and its schema is the newest; 503 otherwise."""
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(status="databasen svarar inte eller saknar schema"), 503
    if found != current_app.config["NEWEST_REVISION"]:
        return jsonify(status="schemat är inte det senaste, kör flask db upgrade"), 503
    return jsonify(status="ok")
