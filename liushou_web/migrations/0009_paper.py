"""Blank sign-in sheets, and which rows of a roll were entered from them afterwards."""

STATEMENTS = (
    """
    CREATE TABLE "paper_sheet" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER,
    "made_at" DATETIME NOT NULL,
    "staff_id" INTEGER NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE INDEX "paper_sheet_activity_id" ON "paper_sheet" ("activity_id")
    """,
    """
    CREATE INDEX "paper_sheet_staff_id" ON "paper_sheet" ("staff_id")
    """,
    """
    CREATE TABLE "paper_row" ("id" INTEGER NOT NULL PRIMARY KEY,
    "sheet_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "child_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    FOREIGN KEY ("sheet_id") REFERENCES "paper_sheet" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    CONSTRAINT "paper_row_number" CHECK (number > 0))
    """,
    """
    CREATE INDEX "paper_row_child_id" ON "paper_row" ("child_id")
    """,
    """
    CREATE INDEX "paper_row_school_class_id" ON "paper_row" ("school_class_id")
    """,
    """
    CREATE UNIQUE INDEX "paper_row_sheet_id_number" ON "paper_row" ("sheet_id", "number")
    """,
    """
    CREATE UNIQUE INDEX "paper_row_sheet_id_child_id" ON "paper_row" ("sheet_id",
    "child_id")
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "paper_by_id" INTEGER
    REFERENCES "staff" ("id") ON DELETE RESTRICT
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "paper_at" DATETIME
    CONSTRAINT "paper_who_and_when" CHECK ((paper_by_id IS NULL) = (paper_at IS NULL))
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
