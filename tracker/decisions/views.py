"""Signing in and out."""
from flask import Blueprint
blueprint = Blueprint("decisions", __name__)
MENU = ()
