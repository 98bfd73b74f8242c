"""Weekly sheets as they were signed, never changed; never edited afterwards."""

STATEMENTS = (
    """
    CREATE TABLE "frozen_sheet" ("id" INTEGER NOT NULL PRIMARY KEY,
    "term_id" INTEGER NOT NULL,
    "week" INTEGER NOT NULL,
    "school_class_id" INTEGER,
    "version" INTEGER NOT NULL,
    "made_at" DATETIME NOT NULL,
    "staff_id" INTEGER NOT NULL,
    "html" TEXT NOT NULL,
    "figures" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    FOREIGN KEY ("term_id") REFERENCES "term" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "frozen_version" CHECK (version > 0))
    """,
    """
    CREATE INDEX "frozen_sheet_term_id" ON "frozen_sheet" ("term_id")
    """,
    """
    CREATE INDEX "frozen_sheet_school_class_id" ON "frozen_sheet" ("school_class_id")
    """,
    """
    CREATE INDEX "frozen_sheet_staff_id" ON "frozen_sheet" ("staff_id")
    """,
    """
    CREATE UNIQUE INDEX "frozen_sheet_term_id_week_school_class_id_version"
    ON "frozen_sheet" ("term_id", "week", "school_class_id", "version")
    """,
    """
    CREATE UNIQUE INDEX "frozen_sheet_of_the_school"
    ON "frozen_sheet" ("term_id", "week", "version") WHERE ("school_class_id" IS NULL)
    """,
    """
    CREATE TRIGGER "frozen_sheet_no_update" BEFORE UPDATE ON "frozen_sheet"
    BEGIN SELECT RAISE(ABORT, 'a frozen sheet is never changed'); END
    """,
    """
    CREATE TRIGGER "frozen_sheet_no_delete" BEFORE DELETE ON "frozen_sheet"
    BEGIN SELECT RAISE(ABORT, 'a frozen sheet is never changed'); END
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
