"""Signing in and out."""
from flask import Blueprint
blueprint = Blueprint("reports", __name__)
MENU = ()
