"""What a refusal says to a program as well as to a person: its code and its field are looked at, too."""

import pytest

from tracker.rules.errors import RuleViolation


def expect_refusal(code, field, match):
    """A block in which a rule must refuse with this code, beside this field, in words that match."""
    return pytest.raises(
        RuleViolation, match=match, check=lambda refused: (refused.code, refused.field) == (code, field)
    )
