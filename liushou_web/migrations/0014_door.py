"""Everybody sees rolls as they like, and children of one name are found at once."""

STATEMENTS = (
    """
    ALTER TABLE "staff" ADD COLUMN "roll_view" TEXT NOT NULL DEFAULT 'list'
    CONSTRAINT "staff_roll_view" CHECK (roll_view IN ('list', 'tiles'))
    """,
    """
    CREATE INDEX "child_of_name" ON "child" ("name") WHERE ("left_on" IS NULL)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
