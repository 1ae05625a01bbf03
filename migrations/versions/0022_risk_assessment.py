"""A risk tells its process, cause and effect, what it weighed before existing controls, and of the net list."""

import sqlalchemy as sa
from alembic import op

revision = "0022_risk_assessment"
down_revision = "0021_risk_by_unit"
branch_labels = None
depends_on = None

KEY = sa.String(length=220).with_variant(sa.String(length=220, collation="C"), "postgresql")
HANDLINGS = "handling IN ('acceptera', 'bevaka', 'kontrollera', 'åtgärda'{})"
FORMER, WIDER = HANDLINGS.format(""), HANDLINGS.format(", 'överföra', 'undvika'")
CHECKS = {
    "gross": "(gross_likelihood IS NULL) = (gross_consequence IS NULL)",
    "net": "in_net OR net_reason IS NOT NULL",
}
NET = ["year", "in_net", "rank", "ref_key", "record_id"]
FOREIGN = sa.ForeignKeyConstraint


def _new():
    return (
        sa.Column("process", sa.String(length=120), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("likelihood_motivation", sa.Text(), nullable=True),
        sa.Column("consequence_motivation", sa.Text(), nullable=True),
        sa.Column("existing_controls", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("gross_likelihood", sa.SmallInteger(), nullable=True),
        sa.Column("gross_consequence", sa.SmallInteger(), nullable=True),
        sa.Column("in_net", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("net_reason", sa.Text(), nullable=True),
    )


def _former():
    return (
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("ref_key", KEY, nullable=False),
        sa.Column("area", sa.String(length=120), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.SmallInteger(), nullable=False),
        sa.Column("consequence", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("handling", sa.String(length=12), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
    )


def _make_anew(columns, handlings, checks):
    """SQLite cannot change a CHECK: the table is made anew under its own name, while those that point at its rows
    wait until the end of the transaction.
    """
    names = ", ".join(column.name for column in _former())
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute(f"CREATE TEMPORARY TABLE risk_kept AS SELECT {names} FROM risk")  # noqa: S608 - the names stand above
    op.drop_table("risk")
    op.create_table(
        "risk",
        *columns,
        sa.CheckConstraint("level IN ('kommunövergripande', 'nämnd', 'enhet')", name=op.f("ck_risk_level")),
        sa.CheckConstraint(handlings, name=op.f("ck_risk_handling")),
        sa.CheckConstraint("score = likelihood * consequence AND rank = -score", name=op.f("ck_risk_score")),
        *(sa.CheckConstraint(text, name=op.f(f"ck_risk_{name}")) for name, text in checks.items()),
        FOREIGN(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"], name=op.f("fk_risk_record_id"),
            onupdate="CASCADE",
        ),
        FOREIGN(["year"], ["control_plan.year"], name=op.f("fk_risk_year")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_risk")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_risk_record_id_unit_id")),
        sa.UniqueConstraint("year", "ref", name=op.f("uq_risk_year_ref")),
    )  # fmt: skip
    op.create_index("ix_risk_list", "risk", ["year", "rank", "ref_key", "record_id"])
    op.create_index(op.f("ix_risk_ref_year"), "risk", ["ref", "year"])
    op.create_index("ix_risk_of_unit", "risk", ["year", "unit_id", "rank", "ref_key", "record_id"])
    of_unit = ["year", "unit_id", "likelihood", "consequence", "ref_key", "record_id"]
    op.create_index("ix_risk_of_unit_cell", "risk", of_unit)
    op.create_index("ix_risk_cell", "risk", ["year", "likelihood", "consequence", "ref_key", "record_id"])
    if any(column.name == "in_net" for column in columns):
        op.create_index("ix_risk_net", "risk", NET)
    op.execute(f"INSERT INTO risk ({names}) SELECT {names} FROM risk_kept")  # noqa: S608 - as above
    op.execute("DROP TABLE risk_kept")


def upgrade():
    op.add_column("risk_tally", sa.Column("net_number", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE risk_tally SET net_number = number")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew((*_former(), *_new()), WIDER, CHECKS)
        return
    for column in _new():
        op.add_column("risk", column)
    op.drop_constraint(op.f("ck_risk_handling"), "risk", type_="check")
    for name, text in (CHECKS | {"handling": WIDER}).items():
        op.create_check_constraint(op.f(f"ck_risk_{name}"), "risk", text)
    op.create_index("ix_risk_net", "risk", NET)


def downgrade():
    op.drop_column("risk_tally", "net_number")
    op.execute("UPDATE risk SET handling = NULL WHERE handling IN ('överföra', 'undvika')")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(_former(), FORMER, {})
        return
    op.drop_index("ix_risk_net", "risk")
    for name in ("handling", *CHECKS):
        op.drop_constraint(op.f(f"ck_risk_{name}"), "risk", type_="check")
    op.create_check_constraint(op.f("ck_risk_handling"), "risk", FORMER)
    for column in _new():
        op.drop_column("risk", column.name)
