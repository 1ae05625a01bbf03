"""What stands in the forms of a page, and what is told beside their fields."""

from tests.support.checks import text_of
from tests.support.pages import Page


def field_value(page: Page, name: str) -> str:
    """What stands in a field; empty when nothing does."""
    return next(element.get("value") or "" for element in page.tree.iter("input") if element.get("name") == name)


def field_error(page: Page, name: str) -> str:
    """What is told beside a field, and announced with it."""
    field = next(e for tag in ("input", "select") for e in page.tree.iter(tag) if e.get("name") == name)
    assert field.get("aria-invalid") == "true", f"{name} is not marked as wrong"
    told = {element.get("id"): element for element in page.tree.iter() if element.get("id")}
    messages = [text_of(told[one]) for one in field.get("aria-describedby").split() if one.endswith("-error")]
    return " ".join(messages).removeprefix("■ ")
