"""The first schema, as released; never edited afterwards."""

STATEMENTS = (
    """
    CREATE TABLE "term" ("id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    CONSTRAINT "term_order" CHECK (first_day <= last_day))
    """,
    """
    CREATE TABLE "room" ("id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "retired" INTEGER NOT NULL)
    """,
    """
    CREATE TABLE "slot" ("id" INTEGER NOT NULL PRIMARY KEY,
    "term_id" INTEGER NOT NULL,
    "room_id" INTEGER NOT NULL,
    "weekday" INTEGER NOT NULL,
    "starts" TIME NOT NULL,
    "ends" TIME NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "expects" TEXT NOT NULL,
    "ended" INTEGER NOT NULL,
    FOREIGN KEY ("term_id") REFERENCES "term" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "slot_weekday" CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT "slot_order" CHECK (starts < ends),
    CONSTRAINT "slot_expects" CHECK (expects IN ('all', 'classes', 'children')))
    """,
    """
    CREATE TABLE "activity" ("id" INTEGER NOT NULL PRIMARY KEY,
    "slot_id" INTEGER,
    "room_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "starts" DATETIME NOT NULL,
    "ends" DATETIME NOT NULL,
    "expects" TEXT NOT NULL,
    "opened_at" DATETIME,
    "grace_minutes" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "cancelled_at" DATETIME,
    "cancel_reason" TEXT NOT NULL,
    "moved_from" DATETIME,
    "move_reason" TEXT NOT NULL,
    FOREIGN KEY ("slot_id") REFERENCES "slot" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    CONSTRAINT "activity_order" CHECK (starts < ends),
    CONSTRAINT "activity_expects" CHECK (expects IN ('all', 'classes', 'children')))
    """,
    """
    CREATE TABLE "staff" ("id" INTEGER NOT NULL PRIMARY KEY,
    "login" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "must_change" INTEGER NOT NULL,
    "roles" TEXT NOT NULL,
    "script" TEXT NOT NULL,
    "retired_at" DATETIME,
    CONSTRAINT "staff_script" CHECK (script IN ('', 'hant', 'hans')))
    """,
    """
    CREATE TABLE "school_class" ("id" INTEGER NOT NULL PRIMARY KEY,
    "grade" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "teacher_id" INTEGER,
    FOREIGN KEY ("teacher_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "class_grade" CHECK (grade BETWEEN 1 AND 9),
    CONSTRAINT "class_number" CHECK (number BETWEEN 1 AND 40))
    """,
    """
    CREATE TABLE "child" ("id" INTEGER NOT NULL PRIMARY KEY,
    "number" TEXT,
    "name" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "birth_date" DATE,
    "school_class_id" INTEGER NOT NULL,
    "boards" INTEGER NOT NULL,
    "left_on" DATE,
    "left_reason" TEXT NOT NULL,
    "folded" TEXT NOT NULL,
    "pinyin" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    CONSTRAINT "child_name" CHECK (name <> ''),
    CONSTRAINT "child_sex" CHECK (sex IN ('', 'm', 'f')))
    """,
    """
    CREATE TABLE "activity_child" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "child_id" INTEGER NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "activity_class" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "activity_duty" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "staff_id" INTEGER NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "attendance" ("id" INTEGER NOT NULL PRIMARY KEY,
    "activity_id" INTEGER NOT NULL,
    "child_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    "walk_in" INTEGER NOT NULL,
    "came_at" DATETIME,
    "came_by_id" INTEGER,
    "went_at" DATETIME,
    "went_by_id" INTEGER,
    "leave" TEXT NOT NULL,
    "leave_note" TEXT NOT NULL,
    "leave_by_id" INTEGER,
    "version" INTEGER NOT NULL,
    FOREIGN KEY ("activity_id") REFERENCES "activity" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("came_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("went_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("leave_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT,
    CONSTRAINT "attendance_leave" CHECK (leave IN ('', 'personal', 'sick')),
    CONSTRAINT "go_after_come" CHECK (went_at IS NULL OR coalesce(went_at >= came_at, 0)),
    CONSTRAINT "here_or_on_leave" CHECK (came_at IS NULL OR leave = ''))
    """,
    """
    CREATE TABLE "calendar_day" ("id" INTEGER NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "follows" DATE,
    CONSTRAINT "calendar_kind" CHECK (kind IN ('closed', 'make_up')),
    CONSTRAINT "only_make_up_follows" CHECK (follows IS NULL OR kind = 'make_up'))
    """,
    """
    CREATE TABLE "child_file" ("id" INTEGER NOT NULL PRIMARY KEY,
    "child_id" INTEGER NOT NULL,
    "arrangement" TEXT NOT NULL,
    "carer_name" TEXT NOT NULL,
    "carer_relation" TEXT NOT NULL,
    "carer_phone" TEXT NOT NULL,
    "father_name" TEXT NOT NULL,
    "father_phone" TEXT NOT NULL,
    "mother_name" TEXT NOT NULL,
    "mother_phone" TEXT NOT NULL,
    "parents_work" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT,
    CONSTRAINT "file_arrangement" CHECK (arrangement IN ('', 'grandparents', 'relatives', 'care_parent', 'boarding', 'alone', 'one_parent', 'other')))
    """,
    """
    CREATE TABLE "form_key" ("id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "made_at" DATETIME NOT NULL,
    "answer" TEXT NOT NULL)
    """,
    """
    CREATE TABLE "import_draft" ("id" INTEGER NOT NULL PRIMARY KEY,
    "token" TEXT NOT NULL,
    "staff_id" INTEGER NOT NULL,
    "made_at" DATETIME NOT NULL,
    "filename" TEXT NOT NULL,
    "content" BLOB NOT NULL,
    "reading" TEXT NOT NULL,
    "result" TEXT NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "login_failure" ("id" INTEGER NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" DATETIME NOT NULL)
    """,
    """
    CREATE TABLE "login_session" ("id" INTEGER NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "staff_id" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "began_at" DATETIME NOT NULL,
    "seen_at" DATETIME NOT NULL,
    "ended_at" DATETIME,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "school" ("id" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "home_name" TEXT NOT NULL,
    "script" TEXT NOT NULL,
    "grace_minutes" INTEGER NOT NULL,
    CONSTRAINT "one_school" CHECK (id = 1),
    CONSTRAINT "school_script" CHECK (script IN ('hant', 'hans')),
    CONSTRAINT "school_grace" CHECK (grace_minutes BETWEEN 0 AND 120))
    """,
    """
    CREATE TABLE "slot_child" ("id" INTEGER NOT NULL PRIMARY KEY,
    "slot_id" INTEGER NOT NULL,
    "child_id" INTEGER NOT NULL,
    FOREIGN KEY ("slot_id") REFERENCES "slot" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("child_id") REFERENCES "child" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "slot_class" ("id" INTEGER NOT NULL PRIMARY KEY,
    "slot_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    FOREIGN KEY ("slot_id") REFERENCES "slot" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "slot_duty" ("id" INTEGER NOT NULL PRIMARY KEY,
    "slot_id" INTEGER NOT NULL,
    "staff_id" INTEGER NOT NULL,
    FOREIGN KEY ("slot_id") REFERENCES "slot" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE TABLE "trail" ("id" INTEGER NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "staff_id" INTEGER,
    "address" TEXT NOT NULL,
    "deed" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" INTEGER,
    "detail" TEXT NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT)
    """,
    """
    CREATE UNIQUE INDEX "term_name" ON "term" ("name")
    """,
    """
    CREATE UNIQUE INDEX "room_name" ON "room" ("name")
    """,
    """
    CREATE INDEX "slot_term_id" ON "slot" ("term_id")
    """,
    """
    CREATE INDEX "slot_room_id" ON "slot" ("room_id")
    """,
    """
    CREATE INDEX "activity_slot_id" ON "activity" ("slot_id")
    """,
    """
    CREATE INDEX "activity_room_id" ON "activity" ("room_id")
    """,
    """
    CREATE INDEX "activity_starts" ON "activity" ("starts")
    """,
    """
    CREATE UNIQUE INDEX "staff_login" ON "staff" ("login")
    """,
    """
    CREATE INDEX "school_class_teacher_id" ON "school_class" ("teacher_id")
    """,
    """
    CREATE UNIQUE INDEX "school_class_grade_number" ON "school_class" ("grade",
    "number")
    """,
    """
    CREATE UNIQUE INDEX "child_number" ON "child" ("number")
    """,
    """
    CREATE INDEX "child_school_class_id" ON "child" ("school_class_id")
    """,
    """
    CREATE INDEX "child_school_class_id_left_on" ON "child" ("school_class_id",
    "left_on")
    """,
    """
    CREATE INDEX "activity_child_activity_id" ON "activity_child" ("activity_id")
    """,
    """
    CREATE INDEX "activity_child_child_id" ON "activity_child" ("child_id")
    """,
    """
    CREATE UNIQUE INDEX "activity_child_activity_id_child_id" ON "activity_child" ("activity_id",
    "child_id")
    """,
    """
    CREATE INDEX "activity_class_activity_id" ON "activity_class" ("activity_id")
    """,
    """
    CREATE INDEX "activity_class_school_class_id" ON "activity_class" ("school_class_id")
    """,
    """
    CREATE UNIQUE INDEX "activity_class_activity_id_school_class_id" ON "activity_class" ("activity_id",
    "school_class_id")
    """,
    """
    CREATE INDEX "activity_duty_activity_id" ON "activity_duty" ("activity_id")
    """,
    """
    CREATE INDEX "activity_duty_staff_id" ON "activity_duty" ("staff_id")
    """,
    """
    CREATE UNIQUE INDEX "activity_duty_activity_id_staff_id" ON "activity_duty" ("activity_id",
    "staff_id")
    """,
    """
    CREATE INDEX "attendance_school_class_id" ON "attendance" ("school_class_id")
    """,
    """
    CREATE UNIQUE INDEX "attendance_activity_id_child_id" ON "attendance" ("activity_id",
    "child_id")
    """,
    """
    CREATE INDEX "attendance_child_id_activity_id" ON "attendance" ("child_id",
    "activity_id")
    """,
    """
    CREATE UNIQUE INDEX "calendar_day_day" ON "calendar_day" ("day")
    """,
    """
    CREATE UNIQUE INDEX "child_file_child_id" ON "child_file" ("child_id")
    """,
    """
    CREATE UNIQUE INDEX "form_key_key" ON "form_key" ("key")
    """,
    """
    CREATE INDEX "form_key_made_at" ON "form_key" ("made_at")
    """,
    """
    CREATE UNIQUE INDEX "import_draft_token" ON "import_draft" ("token")
    """,
    """
    CREATE INDEX "import_draft_staff_id" ON "import_draft" ("staff_id")
    """,
    """
    CREATE INDEX "import_draft_made_at" ON "import_draft" ("made_at")
    """,
    """
    CREATE UNIQUE INDEX "login_failure_key" ON "login_failure" ("key")
    """,
    """
    CREATE UNIQUE INDEX "login_session_token_hash" ON "login_session" ("token_hash")
    """,
    """
    CREATE INDEX "login_session_staff_id" ON "login_session" ("staff_id")
    """,
    """
    CREATE INDEX "slot_child_slot_id" ON "slot_child" ("slot_id")
    """,
    """
    CREATE INDEX "slot_child_child_id" ON "slot_child" ("child_id")
    """,
    """
    CREATE UNIQUE INDEX "slot_child_slot_id_child_id" ON "slot_child" ("slot_id",
    "child_id")
    """,
    """
    CREATE INDEX "slot_class_slot_id" ON "slot_class" ("slot_id")
    """,
    """
    CREATE INDEX "slot_class_school_class_id" ON "slot_class" ("school_class_id")
    """,
    """
    CREATE UNIQUE INDEX "slot_class_slot_id_school_class_id" ON "slot_class" ("slot_id",
    "school_class_id")
    """,
    """
    CREATE INDEX "slot_duty_slot_id" ON "slot_duty" ("slot_id")
    """,
    """
    CREATE INDEX "slot_duty_staff_id" ON "slot_duty" ("staff_id")
    """,
    """
    CREATE UNIQUE INDEX "slot_duty_slot_id_staff_id" ON "slot_duty" ("slot_id",
    "staff_id")
    """,
    """
    CREATE INDEX "trail_at" ON "trail" ("at")
    """,
    """
    CREATE INDEX "trail_staff_id" ON "trail" ("staff_id")
    """,
    """
    CREATE INDEX "trail_subject_subject_id" ON "trail" ("subject",
    "subject_id")
    """,
    """
    CREATE TRIGGER "trail_no_update" BEFORE UPDATE ON "trail"
    BEGIN SELECT RAISE(ABORT, 'the trail is never changed'); END
    """,
    """
    CREATE TRIGGER "trail_no_delete" BEFORE DELETE ON "trail"
    BEGIN SELECT RAISE(ABORT, 'the trail is never changed'); END
    """,
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
