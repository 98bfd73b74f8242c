"""The door: rolls as each teacher likes them, children of one name, stays that went on
elsewhere or were broken off."""

STATEMENTS = (
    """
    ALTER TABLE "staff" ADD COLUMN "roll_view" TEXT NOT NULL DEFAULT 'list'
    CONSTRAINT "staff_roll_view" CHECK (roll_view IN ('list', 'tiles'))
    """,
    """
    CREATE INDEX "child_of_name" ON "child" ("name") WHERE ("left_on" IS NULL)
    """,
    """
    CREATE TABLE "outing" ("id" INTEGER NOT NULL PRIMARY KEY,
    "attendance_id" INTEGER NOT NULL, "went_at" DATETIME NOT NULL, "went_by_id" INTEGER,
    "way_home" TEXT NOT NULL, "collected_by" TEXT NOT NULL,
    "release_reason" TEXT NOT NULL, "released_by_id" INTEGER,
    "back_at" DATETIME NOT NULL, "back_by_id" INTEGER,
    FOREIGN KEY ("attendance_id") REFERENCES "attendance" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("went_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("released_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("back_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "outing_order" CHECK (went_at <= back_at))
    """,
    """
    CREATE INDEX "outing_attendance_id" ON "outing" ("attendance_id")
    """,
    """
    CREATE TABLE "move" ("id" INTEGER NOT NULL PRIMARY KEY,
    "attendance_id" INTEGER NOT NULL, "activity_id" INTEGER NOT NULL,
    FOREIGN KEY ("attendance_id") REFERENCES "attendance" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE UNIQUE INDEX "move_attendance_id" ON "move" ("attendance_id")
    """,
    """
    CREATE INDEX "move_activity_id" ON "move" ("activity_id")
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
