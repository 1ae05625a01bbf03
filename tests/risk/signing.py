"""Somebody signed in to the pages of risks."""

from tests.factories import PASSWORD
from tests.support.pages import PageClient

EVA = "eva@kommun.example"
HEAD = "ar;ref;risk;sannolikhet;konsekvens\n"


def signed_in(office, email: str) -> PageClient:
    """A client in this user's name."""
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor
