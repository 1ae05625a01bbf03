"""Records, and the code lists with what they hold from the start."""

import sqlalchemy as sa
from alembic import op

revision = "0002_records"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None

SEED = {
    "delay_reason": (
        ("RES_BOSTAD", "Resursbrist: lägenhet saknas"),
        ("RES_UPPDRAG", "Resursbrist: utförare saknas"),
        ("MATCH", "Särskilda önskemål om utförare"),
        ("NEJ", "Enskild har tackat nej"),
        ("VANTAR_ENSKILD", "Enskild har ställt in uppstart"),
        ("HALSA", "Den enskildes hälsa"),
        ("SLUTENVARD", "Enskild vårdas på annat håll"),
        ("KONTAKT", "Enskild nås inte"),
        ("ADM_FEL", "Uppdrag ej skickat till utförare"),
        ("ANNAN_NAMND", "Annan pågående utredning"),
        ("ANNAN_INSATS", "Annan insats beviljad"),
        ("EXTERN", "Externa omständigheter"),
        ("PERSONAL", "Personalbrist"),
        ("OVRIGT", "Övrigt"),
    ),
    "close_reason": (
        ("ATERTAGEN", "Återtagen"),
        ("BEHOV_UPPHORT", "Behovet har upphört"),
        ("ANNAN_INSATS", "Ersatt av annan insats"),
        ("INGEN_KONTAKT", "Kontakt har upphört"),
        ("FLYTTAT", "Flyttat"),
        ("AVLIDEN", "Avliden"),
        ("BESLUT_UPPHORT", "Beslutet har upphört"),
        ("OVRIGT", "Övrigt"),
    ),
}


def upgrade():
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=True),
        sa.Column("access", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_record_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("id", "unit_id", name=op.f("uq_record_id_unit_id")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_record_kind_number")),
    )

    op.create_table(
        "code_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_item")),
        sa.UniqueConstraint("list", "label", name=op.f("uq_code_item_list_label")),
    )

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    installation = sa.table("installation", sa.column("id"), sa.column("demonstration", sa.Boolean()))
    op.bulk_insert(installation, [{"id": 1, "demonstration": False}])
    codes = sa.table("code_item", *(sa.column(name) for name in ("list", "code", "label", "position")))
    for code_list, items in SEED.items():
        op.bulk_insert(
            codes,
            [
                {"list": code_list, "code": code, "label": label, "position": position}
                for position, (code, label) in enumerate(items, start=1)
            ],
        )


def downgrade():
    op.drop_table("installation")
    op.drop_table("code_item")
    op.drop_table("record")
