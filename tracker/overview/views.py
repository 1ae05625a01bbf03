"""Signing in and out."""
from flask import Blueprint
blueprint = Blueprint("overview", __name__)
MENU = ()
