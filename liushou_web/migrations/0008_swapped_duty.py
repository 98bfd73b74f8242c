"""Duties that one teacher asks another to take, with the answers."""

STATEMENTS = (
    """
    CREATE TABLE "duty_swap" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "asked_by_id" INTEGER NOT NULL,
    "asked_of_id" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "asked_at" DATETIME NOT NULL,
    "answer" TEXT NOT NULL,
    "answered_at" DATETIME,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("asked_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("asked_of_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "swap_answer" CHECK (answer IN ('', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT "swap_answered" CHECK ((answer = '') = (answered_at IS NULL)),
    CONSTRAINT "swap_of_two" CHECK (asked_by_id <> asked_of_id))
    """,
    """
    CREATE INDEX "duty_swap_activity_id" ON "duty_swap" ("activity_id")
    """,
    """
    CREATE INDEX "duty_swap_asked_by_id" ON "duty_swap" ("asked_by_id")
    """,
    """
    CREATE INDEX "duty_swap_asked_of_id" ON "duty_swap" ("asked_of_id")
    """,
    """
    CREATE UNIQUE INDEX "duty_swap_open"
    ON "duty_swap" ("activity_id", "asked_by_id") WHERE (answer = '')
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
