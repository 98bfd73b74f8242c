"""The counselling room: hours, their exceptions, bookings that tell nobody whom they are for."""

STATEMENTS = (
    """
    CREATE TABLE "counselling_hours" ("id" INTEGER NOT NULL PRIMARY KEY,
    "counsellor_id" INTEGER NOT NULL,
    "room_id" INTEGER NOT NULL,
    "weekday" INTEGER NOT NULL,
    "starts" TIME NOT NULL,
    "ends" TIME NOT NULL,
    FOREIGN KEY ("counsellor_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "hours_weekday" CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT "hours_order" CHECK (starts < ends))
    """,
    """
    CREATE INDEX "counselling_hours_counsellor_id" ON "counselling_hours" ("counsellor_id")
    """,
    """
    CREATE INDEX "counselling_hours_room_id" ON "counselling_hours" ("room_id")
    """,
    """
    CREATE TABLE "counselling_exception" ("id" INTEGER NOT NULL PRIMARY KEY,
    "counsellor_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "starts" TIME,
    "ends" TIME,
    "room_id" INTEGER,
    FOREIGN KEY ("counsellor_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "exception_kind" CHECK (kind IN ('away', 'extra')),
    CONSTRAINT "exception_order" CHECK (first_day <= last_day),
    CONSTRAINT "exception_both_times" CHECK ((starts IS NULL) = (ends IS NULL)),
    CONSTRAINT "exception_times" CHECK (starts IS NULL OR starts < ends),
    CONSTRAINT "extra_has_room" CHECK (kind = 'away' OR (room_id IS NOT NULL AND starts IS NOT NULL)))
    """,
    """
    CREATE INDEX "counselling_exception_counsellor_id" ON "counselling_exception" ("counsellor_id")
    """,
    """
    CREATE INDEX "counselling_exception_last_day" ON "counselling_exception" ("last_day")
    """,
    """
    CREATE INDEX "counselling_exception_room_id" ON "counselling_exception" ("room_id")
    """,
    """
    CREATE TABLE "counselling_booking" ("id" INTEGER NOT NULL PRIMARY KEY,
    "counsellor_id" INTEGER NOT NULL,
    "room_id" INTEGER,
    "starts" DATETIME,
    "ends" DATETIME,
    "kind" TEXT NOT NULL,
    "child_id" INTEGER,
    "channel" TEXT NOT NULL,
    "urgent" INTEGER NOT NULL,
    "sealed" BLOB,
    "state" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "cancel_reason" TEXT NOT NULL,
    "booked_by_id" INTEGER NOT NULL,
    "asked_at" DATETIME NOT NULL,
    "answered_at" DATETIME,
    "series" INTEGER,
    FOREIGN KEY ("counsellor_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("booked_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "booking_kind" CHECK (kind IN ('child', 'meeting', 'maintenance')),
    CONSTRAINT "booking_state" CHECK (state IN ('waiting', 'booked', 'done', 'missed', 'cancelled')),
    CONSTRAINT "booking_before" CHECK (before IN ('', 'waiting', 'booked', 'done', 'missed')),
    CONSTRAINT "booking_channel" CHECK (channel IN ('', 'child', 'class_teacher', 'care_parent', 'carer')),
    CONSTRAINT "booking_child" CHECK (kind = 'child' OR child_id IS NULL),
    CONSTRAINT "booking_both_times" CHECK ((starts IS NULL) = (ends IS NULL)),
    CONSTRAINT "booking_placed" CHECK ((starts IS NULL) = (room_id IS NULL)),
    CONSTRAINT "booking_order" CHECK (starts IS NULL OR starts < ends),
    CONSTRAINT "booking_timed" CHECK (starts IS NOT NULL OR state IN ('waiting', 'cancelled')),
    CONSTRAINT "booking_reason" CHECK ((state = 'cancelled') = (cancel_reason <> '')))
    """,
    """
    CREATE INDEX "counselling_booking_child_id" ON "counselling_booking" ("child_id")
    """,
    """
    CREATE INDEX "counselling_booking_booked_by_id" ON "counselling_booking" ("booked_by_id")
    """,
    """
    CREATE INDEX "counselling_booking_series" ON "counselling_booking" ("series")
    """,
    """
    CREATE INDEX "counselling_booking_counsellor_id_starts" ON "counselling_booking" ("counsellor_id", "starts")
    """,
    """
    CREATE INDEX "counselling_booking_room_id_starts" ON "counselling_booking" ("room_id", "starts")
    """,
    """
    CREATE UNIQUE INDEX "counselling_booking_one_at_a_time" ON "counselling_booking" ("counsellor_id", "starts") WHERE ("state" != 'cancelled')
    """,
    """
    ALTER TABLE "room" ADD COLUMN "counselling" INTEGER NOT NULL DEFAULT 0
    """,
    """
    UPDATE "room" SET "counselling" = 1
    WHERE "name" LIKE '%心理輔導%' OR "name" LIKE '%心理辅导%'
    """,
    """
    ALTER TABLE "school" ADD COLUMN "counselling_minutes" INTEGER NOT NULL DEFAULT 45
    CONSTRAINT "school_session" CHECK (counselling_minutes BETWEEN 10 AND 180)
    """,
    """
    ALTER TABLE "school" ADD COLUMN "counselling_pause" INTEGER NOT NULL DEFAULT 10
    CONSTRAINT "school_pause" CHECK (counselling_pause BETWEEN 0 AND 60)
    """,
    """
    ALTER TABLE "school" ADD COLUMN "counselling_threshold" INTEGER NOT NULL DEFAULT 3
    CONSTRAINT "school_threshold" CHECK (counselling_threshold BETWEEN 3 AND 20)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
