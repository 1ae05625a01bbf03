"""In which order do people expect references to stand? K2 before K10."""

import re

from sqlalchemy import String

DIGITS = 10
LONGEST_REF, LONGEST_KEY = 40, 220
# The column of such a key: ordered by code point in every database.
NATURAL_KEY = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")
# A reference that is ordered, and found by its beginning, by code point in every database.
BY_CODE_POINT = String(60).with_variant(String(60, collation="C"), "postgresql")
_NUMBER = re.compile(r"[0-9]+")


def natural_key(ref: str) -> str:
    """What a reference is ordered by, as text in every database alike: each run of digits padded to ten.

    K2 gives K0000000002, before K10's K0000000010. Runs of more than ten digits stay as they are. A reference of forty
    signs gives at most 220: twenty runs of ten, and what parts them.
    """
    return _NUMBER.sub(lambda run: run[0].zfill(DIGITS), ref)
