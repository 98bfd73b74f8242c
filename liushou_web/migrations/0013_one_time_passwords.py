"""One-time passwords lapse: those handed out before this step get their week from now on."""

STATEMENTS = (
    """
    ALTER TABLE "staff" ADD COLUMN "one_time_until" DATETIME
    """,
    """
    UPDATE "staff" SET "one_time_until" = datetime('now', '+8 hours', '+7 days')
    WHERE "must_change"
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
