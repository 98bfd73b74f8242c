"""Family phones: lines, hours, calls, who waits, and numbers that reach nobody."""

STATEMENTS = (
    """
    CREATE TABLE "phone" ("id" INTEGER NOT NULL PRIMARY KEY,
    "room_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "retired" INTEGER NOT NULL,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "phone_way" CHECK (way IN ('phone', 'video')))
    """,
    """
    CREATE INDEX "phone_room_id" ON "phone" ("room_id")
    """,
    """
    CREATE UNIQUE INDEX "phone_name" ON "phone" ("name")
    """,
    """
    CREATE TABLE "phone_hours" ("id" INTEGER NOT NULL PRIMARY KEY,
    "room_id" INTEGER NOT NULL,
    "weekday" INTEGER NOT NULL,
    "starts" TIME NOT NULL,
    "ends" TIME NOT NULL,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "phone_hours_weekday" CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT "phone_hours_order" CHECK (starts < ends))
    """,
    """
    CREATE INDEX "phone_hours_room_id" ON "phone_hours" ("room_id")
    """,
    """
    CREATE TABLE "call" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    "phone_id" INTEGER NOT NULL,
    "way" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "callee" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "started_at" DATETIME NOT NULL,
    "ended_at" DATETIME,
    "end_told_at" DATETIME,
    "result" TEXT NOT NULL,
    "feeling" TEXT NOT NULL,
    "started_by_id" INTEGER NOT NULL,
    "ended_by_id" INTEGER,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("phone_id") REFERENCES "phone" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("started_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("ended_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "call_way" CHECK (way IN ('phone', 'video')),
    CONSTRAINT "call_contact" CHECK (contact IN ('mother', 'father', 'carer')),
    CONSTRAINT "call_result" CHECK (result IN ('', 'connected', 'no_answer', 'busy',
        'out_of_order', 'unknown')),
    CONSTRAINT "call_feeling" CHECK (feeling IN ('', 'happy', 'calm', 'sad')),
    CONSTRAINT "call_order" CHECK (ended_at IS NULL OR ended_at >= started_at),
    CONSTRAINT "call_open" CHECK (result <> '' OR (ended_at IS NULL AND end_told_at IS NULL
        AND feeling = '')),
    CONSTRAINT "call_over" CHECK (result = '' OR ended_at IS NOT NULL OR end_told_at IS NOT
        NULL))
    """,
    """
    CREATE INDEX "call_started_at" ON "call" ("started_at")
    """,
    """
    CREATE INDEX "call_child_id_result_started_at" ON "call" ("child_id", "result",
    "started_at")
    """,
    """
    CREATE UNIQUE INDEX "call_on_a_line" ON "call" ("phone_id") WHERE ("result" = '')
    """,
    """
    CREATE UNIQUE INDEX "call_of_a_child" ON "call" ("child_id") WHERE ("result" = '')
    """,
    """
    CREATE TABLE "call_wish" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "asked_at" DATETIME NOT NULL,
    "asked_by_id" INTEGER NOT NULL,
    "phone_id" INTEGER,
    "starts" TIME,
    "ends" TIME,
    "withdrawn_at" DATETIME,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("asked_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("phone_id") REFERENCES "phone" ("id") ON DELETE RESTRICT,
    CONSTRAINT "call_wish_slot" CHECK ((phone_id IS NULL) = (starts IS NULL) AND (starts IS
        NULL) = (ends IS NULL)),
    CONSTRAINT "call_wish_order" CHECK (starts IS NULL OR starts < ends),
    CONSTRAINT "call_wish_withdrawn" CHECK (withdrawn_at IS NULL OR starts IS NULL))
    """,
    """
    CREATE INDEX "call_wish_day" ON "call_wish" ("day")
    """,
    """
    CREATE UNIQUE INDEX "call_wish_child_id_day" ON "call_wish" ("child_id", "day")
    """,
    """
    CREATE UNIQUE INDEX "call_wish_phone_id_day_starts" ON "call_wish" ("phone_id", "day",
    "starts")
    """,
    """
    CREATE TABLE "number_fault" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "contact" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "call_id" INTEGER NOT NULL,
    "found_at" DATETIME NOT NULL,
    "found_by_id" INTEGER NOT NULL,
    "settled_at" DATETIME,
    "settled_by_id" INTEGER,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("call_id") REFERENCES "call" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("found_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("settled_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "number_fault_contact" CHECK (contact IN ('mother', 'father', 'carer')),
    CONSTRAINT "number_fault_number" CHECK (number <> ''))
    """,
    """
    CREATE INDEX "number_fault_call_id" ON "number_fault" ("call_id")
    """,
    """
    CREATE UNIQUE INDEX "number_fault_open" ON "number_fault" ("child_id", "contact",
    "number") WHERE ("settled_at" IS NULL)
    """,
    """
    ALTER TABLE "child_file" ADD COLUMN "parents_free" TEXT NOT NULL DEFAULT ''
    """,
    """
    ALTER TABLE "school" ADD COLUMN "call_minutes" INTEGER NOT NULL DEFAULT 10
    CONSTRAINT "school_call_minutes" CHECK (call_minutes BETWEEN 3 AND 60)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
