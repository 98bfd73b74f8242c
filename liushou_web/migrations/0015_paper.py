"""Paper: a signed sheet belongs to its Monday, whatever becomes of the term's weeks; an
activity that nobody planned is entered afterwards, and so is a child in no register."""

import json
from datetime import datetime, timedelta

STATEMENTS = (
    """
    ALTER TABLE "activity" ADD COLUMN "added_after" DATETIME
    """,
    """
    CREATE TABLE "unregistered" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL, "words" TEXT NOT NULL,
    "staff_id" INTEGER NOT NULL, "at" DATETIME NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE INDEX "unregistered_activity_id" ON "unregistered" ("activity_id")
    """,
    """
    ALTER TABLE "frozen_sheet" ADD COLUMN "monday" DATE NOT NULL DEFAULT '1970-01-05'
    """,
    """
    DROP TRIGGER "frozen_sheet_no_update"
    """,
    """
    DROP INDEX "frozen_sheet_term_id_week_school_class_id_version"
    """,
    """
    DROP INDEX "frozen_sheet_of_the_school"
    """,
    """
    CREATE UNIQUE INDEX "frozen_sheet_monday_term_id_week_school_class_id_version"
    ON "frozen_sheet" ("monday", "term_id", "week", "school_class_id", "version")
    """,
    """
    CREATE UNIQUE INDEX "frozen_sheet_of_the_school"
    ON "frozen_sheet" ("monday", "term_id", "week", "version")
    WHERE ("school_class_id" IS NULL)
    """,
)
NEVER_CHANGED = """
    CREATE TRIGGER "frozen_sheet_no_update" BEFORE UPDATE ON "frozen_sheet"
    BEGIN SELECT RAISE(ABORT, 'a frozen sheet is never changed'); END
    """


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
    rows = db.execute_sql('SELECT "id", "figures" FROM "frozen_sheet"').fetchall()
    for key, figures in rows:
        if columns := json.loads(figures)["columns"]:
            day = datetime.fromisoformat(columns[0][1]).date()
            monday = day - timedelta(days=day.weekday())
            change = 'UPDATE "frozen_sheet" SET "monday" = ? WHERE "id" = ?'
            db.execute_sql(change, (f"{monday}", key))
    db.execute_sql(NEVER_CHANGED)
