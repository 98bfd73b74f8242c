"""Sealed notes: what only the counsellor's own passphrase opens, and who opened it."""

STATEMENTS = (
    """
    CREATE TABLE "vault" ("id" INTEGER NOT NULL PRIMARY KEY,
    "staff_id" INTEGER NOT NULL,
    "public_key" BLOB NOT NULL,
    "wrapped" BLOB NOT NULL,
    "wrapped_by_code" BLOB NOT NULL,
    "made_at" DATETIME NOT NULL,
    "code_made_at" DATETIME NOT NULL,
    "handed_over_at" DATETIME,
    "handed_to_id" INTEGER,
    "seen_opening" INTEGER NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("handed_to_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "vault_public_key" CHECK (length(public_key) = 32),
    CONSTRAINT "vault_handed_over" CHECK (handed_over_at IS NULL OR length(wrapped) + length(wrapped_by_code) = 0),
    CONSTRAINT "vault_handed_to" CHECK ((handed_over_at IS NULL) = (handed_to_id IS NULL)))
    """,
    """
    CREATE INDEX "vault_staff_id" ON "vault" ("staff_id")
    """,
    """
    CREATE INDEX "vault_handed_to_id" ON "vault" ("handed_to_id")
    """,
    """
    CREATE UNIQUE INDEX "vault_in_use" ON "vault" ("staff_id") WHERE ("handed_over_at" IS NULL)
    """,
    """
    CREATE TABLE "session_note" ("id" INTEGER NOT NULL PRIMARY KEY,
    "vault_id" INTEGER NOT NULL,
    "sealed" BLOB NOT NULL,
    "version" INTEGER NOT NULL,
    "made_at" DATETIME NOT NULL,
    "changed_at" DATETIME NOT NULL,
    FOREIGN KEY ("vault_id") REFERENCES "vault" ("id") ON DELETE RESTRICT,
    CONSTRAINT "note_version" CHECK (version > 0))
    """,
    """
    CREATE INDEX "session_note_vault_id" ON "session_note" ("vault_id")
    """,
    """
    CREATE TABLE "note_version" ("id" INTEGER NOT NULL PRIMARY KEY,
    "note_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "sealed" BLOB NOT NULL,
    "written_at" DATETIME NOT NULL,
    FOREIGN KEY ("note_id") REFERENCES "session_note" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE UNIQUE INDEX "note_version_note_id_version" ON "note_version" ("note_id",
    "version")
    """,
    """
    CREATE TABLE "vault_opening" ("id" INTEGER NOT NULL PRIMARY KEY,
    "vault_id" INTEGER NOT NULL,
    "note_id" INTEGER,
    "staff_id" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "address" TEXT NOT NULL,
    "deed" TEXT NOT NULL,
    "reason" BLOB,
    FOREIGN KEY ("vault_id") REFERENCES "vault" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("note_id") REFERENCES "session_note" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "opening_deed" CHECK (deed IN ('unlock', 'read', 'print', 'wrong', 'passphrase', 'code', 'recover', 'hand_over', 'break_glass', 'break_read', 'break_wrong', 'break_hand_over')),
    CONSTRAINT "opening_reason" CHECK ((deed IN ('break_glass', 'break_hand_over')) = (reason IS NOT NULL)))
    """,
    """
    CREATE INDEX "vault_opening_vault_id" ON "vault_opening" ("vault_id")
    """,
    """
    CREATE INDEX "vault_opening_note_id" ON "vault_opening" ("note_id")
    """,
    """
    CREATE INDEX "vault_opening_staff_id" ON "vault_opening" ("staff_id")
    """,
    """
    CREATE TRIGGER "vault_opening_no_update"
    BEFORE UPDATE OF "id", "vault_id", "note_id", "staff_id", "at", "address", "deed" ON "vault_opening"
    BEGIN SELECT RAISE(ABORT, 'an opening is never changed'); END
    """,
    """
    CREATE TRIGGER "vault_opening_keeps_reason" BEFORE UPDATE OF "reason" ON "vault_opening"
    WHEN length(NEW.reason) <> length(OLD.reason) OR
    (SELECT handed_over_at FROM vault WHERE id = OLD.vault_id) IS NULL
    BEGIN SELECT RAISE(ABORT, 'an opening is never changed'); END
    """,
    """
    CREATE TRIGGER "vault_opening_no_delete" BEFORE DELETE ON "vault_opening"
    BEGIN SELECT RAISE(ABORT, 'an opening is never changed'); END
    """,
    """
    ALTER TABLE "school" ADD COLUMN "vault_idle_minutes" INTEGER NOT NULL DEFAULT 5
    CONSTRAINT "school_vault_idle" CHECK (vault_idle_minutes BETWEEN 1 AND 30)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
