"""Who collects a child: the list, the usual way home, and how each departure was.

A child whose file names a carer is collected by that carer; a boarder goes to the
dormitory. So one tap works from the first day on, and nothing is typed twice.
"""

STATEMENTS = (
    """
    CREATE TABLE "collector" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "guardian" INTEGER NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE,
    "photo" TEXT NOT NULL,
    "added_by_id" INTEGER,
    "added_at" DATETIME NOT NULL,
    "ended_at" DATETIME,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("added_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "collector_name" CHECK (name <> ''),
    CONSTRAINT "collector_order" CHECK (last_day IS NULL OR first_day <= last_day))
    """,
    """
    CREATE INDEX "collector_child_id" ON "collector" ("child_id")
    """,
    """
    CREATE INDEX "collector_added_by_id" ON "collector" ("added_by_id")
    """,
    """
    CREATE TABLE "way_home" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "way" TEXT NOT NULL,
    "collector_id" INTEGER,
    "consent_by" TEXT NOT NULL,
    "consent_on" DATE,
    "set_at" DATETIME NOT NULL,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("collector_id") REFERENCES "collector" ("id") ON DELETE RESTRICT,
    CONSTRAINT "way_home_way"
    CHECK (way IN ('', 'collector', 'alone', 'bus', 'dormitory')),
    CONSTRAINT "way_home_collector"
    CHECK ((way = 'collector') = (collector_id IS NOT NULL)),
    CONSTRAINT "way_home_consent"
    CHECK ((consent_by <> '') = (consent_on IS NOT NULL)),
    CONSTRAINT "alone_by_consent" CHECK (way <> 'alone' OR consent_by <> ''))
    """,
    """
    CREATE UNIQUE INDEX "way_home_child_id" ON "way_home" ("child_id")
    """,
    """
    CREATE INDEX "way_home_collector_id" ON "way_home" ("collector_id")
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "way_home" TEXT NOT NULL DEFAULT ''
    CONSTRAINT "attendance_way_home"
    CHECK (way_home IN ('', 'collector', 'alone', 'bus', 'dormitory', 'other'))
    CONSTRAINT "only_gone_has_way_home" CHECK (way_home = '' OR went_at IS NOT NULL)
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "collected_by" TEXT NOT NULL DEFAULT ''
    CONSTRAINT "collected_by_somebody"
    CHECK ((way_home IN ('collector', 'other')) = (collected_by <> ''))
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "release_reason" TEXT NOT NULL DEFAULT ''
    CONSTRAINT "unlisted_has_a_reason" CHECK (CASE WHEN way_home = 'other'
    THEN length(release_reason) >= 4 ELSE release_reason = '' END)
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "released_by_id" INTEGER
    CONSTRAINT "unlisted_has_a_teacher"
    CHECK ((way_home = 'other') = (released_by_id IS NOT NULL))
    REFERENCES "staff" ("id") ON DELETE RESTRICT
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "release_seen_at" DATETIME
    CONSTRAINT "only_unlisted_is_seen"
    CHECK (release_seen_at IS NULL OR way_home = 'other')
    """,
    """
    ALTER TABLE "attendance" ADD COLUMN "release_seen_by_id" INTEGER
    REFERENCES "staff" ("id") ON DELETE RESTRICT
    """,
    """
    CREATE INDEX "attendance_released" ON "attendance" ("released_by_id")
    WHERE ("released_by_id" IS NOT NULL)
    """,
    """
    INSERT INTO "collector" ("child_id", "name", "relation", "phone", "guardian",
    "first_day", "photo", "added_at")
    SELECT "child_id", "carer_name", "carer_relation", "carer_phone", 1,
    date('now', '+8 hours'), '', datetime('now', '+8 hours')
    FROM "child_file" WHERE "carer_name" <> '' ORDER BY "child_id"
    """,
    """
    INSERT INTO "way_home" ("child_id", "way", "collector_id", "consent_by", "set_at")
    SELECT "child"."id",
    CASE WHEN "boards" THEN 'dormitory' ELSE 'collector' END,
    CASE WHEN "boards" THEN NULL ELSE "collector"."id" END,
    '', datetime('now', '+8 hours')
    FROM "child" LEFT JOIN "collector" ON "collector"."child_id" = "child"."id"
    WHERE "boards" OR "collector"."id" IS NOT NULL ORDER BY "child"."id"
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
