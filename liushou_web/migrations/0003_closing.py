"""Closing an activity: the room check, who locks up, and corrections afterwards.

What was opened on earlier days is past closing: it counts as closed by this step, without
a room check, so that nobody is asked today who locked up then.
"""

ITEMS = (
    "門已關好",
    "窗戶已關好",
    "燈和風扇已關",
    "插座已斷電",
    "出口通道暢通",
    "滅火器在位",
    "飲水機已關",
    "急救箱齊全",
    "桌椅和地面已整理",
    "簽到簽退齊全",
)

STATEMENTS = (
    """
    ALTER TABLE "school" ADD COLUMN "closing_grace_minutes" INTEGER NOT NULL DEFAULT 30
    CONSTRAINT "school_closing_grace" CHECK (closing_grace_minutes BETWEEN 0 AND 120)
    """,
    """
    ALTER TABLE "activity" ADD COLUMN "closed_at" DATETIME
    """,
    """
    ALTER TABLE "activity" ADD COLUMN "closed_by_id" INTEGER
    REFERENCES "staff" ("id") ON DELETE RESTRICT
    """,
    """
    ALTER TABLE "activity" ADD COLUMN "locked_by_id" INTEGER
    REFERENCES "staff" ("id") ON DELETE RESTRICT
    """,
    """
    ALTER TABLE "activity" ADD COLUMN "close_note" TEXT NOT NULL DEFAULT ''
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "unsettled_reason" TEXT NOT NULL DEFAULT ''
    CONSTRAINT "only_not_out_is_unsettled"
    CHECK (unsettled_reason = '' OR (came_at IS NOT NULL AND went_at IS NULL))
    """,
    """
    CREATE INDEX "activity_closed_by_id" ON "activity" ("closed_by_id")
    """,
    """
    CREATE INDEX "activity_locked_by_id" ON "activity" ("locked_by_id")
    """,
    """
    CREATE TABLE "check_item" ("id" INTEGER NOT NULL PRIMARY KEY,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "retired" INTEGER NOT NULL)
    """,
    """
    CREATE UNIQUE INDEX "check_item_name" ON "check_item" ("name")
    """,
    """
    CREATE TABLE "room_check" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "item_id" INTEGER NOT NULL,
    "ok" INTEGER NOT NULL,
    "note" TEXT NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("item_id") REFERENCES "check_item" ("id") ON DELETE RESTRICT,
    CONSTRAINT "not_ok_has_a_note" CHECK (ok OR note <> ''))
    """,
    """
    CREATE INDEX "room_check_activity_id" ON "room_check" ("activity_id")
    """,
    """
    CREATE INDEX "room_check_item_id" ON "room_check" ("item_id")
    """,
    """
    CREATE UNIQUE INDEX "room_check_activity_id_item_id" ON "room_check" ("activity_id",
    "item_id")
    """,
    """
    CREATE TABLE "correction" ("id" INTEGER NOT NULL PRIMARY KEY,
    "attendance_id" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "staff_id" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "old" TEXT NOT NULL,
    "new" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    FOREIGN KEY ("attendance_id") REFERENCES "attendance" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "correction_field" CHECK (field IN ('came_at', 'went_at', 'leave')),
    CONSTRAINT "correction_reason" CHECK (length(reason) >= 4))
    """,
    """
    CREATE INDEX "correction_attendance_id" ON "correction" ("attendance_id")
    """,
    """
    CREATE INDEX "correction_staff_id" ON "correction" ("staff_id")
    """,
    """
    UPDATE "attendance" SET "unsettled_reason" = '升級以前未簽退'
    WHERE "came_at" IS NOT NULL AND "went_at" IS NULL AND "activity_id" IN
    (SELECT "id" FROM "activity" WHERE date("starts") < date('now', '+8 hours'))
    """,
    """
    UPDATE "activity" SET "closed_at" = datetime('now', '+8 hours'),
    "close_note" = '升級以前的活動，沒有房間檢查'
    WHERE "opened_at" IS NOT NULL AND date("starts") < date('now', '+8 hours')
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for position, name in enumerate(ITEMS, 1):
        db.execute_sql(
            'INSERT INTO "check_item" ("position", "name", "retired") VALUES (?, ?, 0)',
            (position, name),
        )
