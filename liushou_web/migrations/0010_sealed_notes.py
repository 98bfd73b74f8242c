"""Sealed notes: what only the counsellor's own passphrase opens."""

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
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "vault_public_key" CHECK (length(public_key) = 32),
    CONSTRAINT "vault_handed_over" CHECK (handed_over_at IS NULL OR length(wrapped) + length(wrapped_by_code) = 0))
    """,
    """
    CREATE UNIQUE INDEX "vault_staff_id" ON "vault" ("staff_id")
    """,
    """
    ALTER TABLE "school" ADD COLUMN "vault_idle_minutes" INTEGER NOT NULL DEFAULT 5
    CONSTRAINT "school_vault_idle" CHECK (vault_idle_minutes BETWEEN 1 AND 30)
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
