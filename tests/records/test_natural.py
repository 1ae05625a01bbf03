"""References stand as people expect them: by the numbers in them, in both databases alike."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, select

from tracker.database import db
from tracker.records.natural import LONGEST_KEY, LONGEST_REF, NATURAL_KEY, natural_key

IN_ORDER = ["1", "2", "10", "A", "K", "K1", "K2", "K2a", "K2b", "K10", "K10-2", "K10-11", "R1", "a1", "Å1"]


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        ("K2", "K0000000002"),
        ("K10", "K0000000010"),
        ("", ""),
        ("K", "K"),
        ("7", "0000000007"),
        ("1.2.10", "0000000001.0000000002.0000000010"),
        ("K0000000002", "K0000000002"),
        ("K12345678901", "K12345678901"),  # eleven digits
        ("K٣", "K٣"),  # another script's digit is no digit here
        ("K²", "K²"),
    ],
)
def test_each_run_of_digits_is_padded_to_ten(ref, key):
    assert natural_key(ref) == key


def test_two_comes_before_ten():
    shuffled = IN_ORDER.copy()
    random.Random(7).shuffle(shuffled)  # noqa: S311 - an order, no secret
    assert sorted(shuffled, key=natural_key) == IN_ORDER


@given(st.integers(0, 9_999_999_999), st.integers(0, 9_999_999_999))
def test_refs_that_differ_by_a_number_stand_by_it(low, high):
    assert (natural_key(f"K{low}") < natural_key(f"K{high}")) == (low < high)


@given(st.text(st.sampled_from("0123456789Kx-.Ö"), max_size=LONGEST_REF))
def test_a_ref_never_gives_more_than_its_column_holds(ref):
    assert len(natural_key(ref)) <= LONGEST_KEY


def test_the_longest_key_is_that_of_twenty_single_digits():
    assert len(natural_key("1a" * 20)) == LONGEST_KEY == 220


def test_both_databases_order_by_code_point(app):
    table = Table("natural_order", MetaData(), Column("ref", String(40)), Column("ref_key", NATURAL_KEY))
    connection = db.session.connection()
    table.create(connection)
    try:
        connection.execute(insert(table), [{"ref": ref, "ref_key": natural_key(ref)} for ref in reversed(IN_ORDER)])
        assert list(connection.scalars(select(table.c.ref).order_by(table.c.ref_key))) == IN_ORDER
    finally:
        db.session.rollback()
        table.drop(db.session.connection(), checkfirst=True)
        db.session.commit()
