"""Leave entered ahead, and when repeated absence or sickness is worth a word."""

STATEMENTS = (
    """
    CREATE TABLE "leave" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "part" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "staff_id" INTEGER NOT NULL,
    "entered_at" DATETIME NOT NULL,
    "withdrawn_at" DATETIME,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "leave_order" CHECK (first_day <= last_day),
    CONSTRAINT "leave_part" CHECK (part IN ('day', 'morning', 'afternoon')),
    CONSTRAINT "leave_kind" CHECK (kind IN ('personal', 'sick')))
    """,
    """
    CREATE INDEX "leave_child_id" ON "leave" ("child_id")
    """,
    """
    CREATE INDEX "leave_staff_id" ON "leave" ("staff_id")
    """,
    """
    CREATE INDEX "leave_last_day" ON "leave" ("last_day")
    """,
    """
    CREATE TABLE "case_seen" ("id" INTEGER NOT NULL PRIMARY KEY,
    "staff_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "seen_at" DATETIME NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "case_kind" CHECK (kind IN ('absent', 'sick')))
    """,
    """
    CREATE INDEX "case_seen_staff_id" ON "case_seen" ("staff_id")
    """,
    """
    CREATE UNIQUE INDEX "case_seen_staff_id_kind_subject_id" ON "case_seen" ("staff_id",
    "kind", "subject_id")
    """,
    """
    ALTER TABLE "school" ADD COLUMN "absences_in_row" INTEGER NOT NULL DEFAULT 2
    CONSTRAINT "school_absences" CHECK (absences_in_row BETWEEN 2 AND 20)
    """,
    """
    ALTER TABLE "school" ADD COLUMN "sick_alike" INTEGER NOT NULL DEFAULT 3
    CONSTRAINT "school_sick" CHECK (sick_alike BETWEEN 2 AND 20)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
