"""The bare limits beside which the program is measured, under the same waitress.

Run as: python bench_limits.py DATABASE ACTIVITY_83 ACTIVITY_500 MONDAY [SECONDS]
POST /row writes one durable row; GET /roll_83?BYTES reads the rows that the page shows, by
plain SQL, and answers with so many ready bytes. SECONDS is how long the disk takes for each
COMMIT.
"""

from __future__ import annotations

import logging
import socket
import sqlite3
import sys
import time
from threading import Lock, local

from waitress.server import create_server

from liushou_web.serve.listening import SETTINGS

DATABASE, ROLL_83, ROLL_500, MONDAY, *FLUSH = sys.argv[1:]

ROLL = """
    SELECT child.id, child.number, child.name, school_class.grade, school_class.number,
        walk_in, came_at, came.name, went_at, went.name, leave, leave_note
    FROM attendance
    JOIN child ON child.id = child_id
    JOIN school_class ON school_class.id = attendance.school_class_id
    LEFT JOIN staff came ON came.id = came_by_id
    LEFT JOIN staff went ON went.id = went_by_id
    WHERE activity_id = ?
    ORDER BY school_class.grade, school_class.number, child.number
"""
HELD = """
    SELECT id, title, starts, ends, grace_minutes FROM activity
    WHERE starts >= ? AND starts < date(?, '+7 days') AND opened_at IS NOT NULL
"""
ENTRIES = """
    SELECT activity_id, child_id, child.name, child.number, attendance.school_class_id,
        came_at, went_at, leave
    FROM attendance JOIN child ON child.id = child_id
    WHERE activity_id IN (SELECT id FROM activity WHERE starts >= ?
        AND starts < date(?, '+7 days') AND opened_at IS NOT NULL)
"""
READS = {
    "/roll_83": [(ROLL, (ROLL_83,))],
    "/roll_500": [(ROLL, (ROLL_500,))],
    "/week_500": [(HELD, (MONDAY, MONDAY)), (ENTRIES, (MONDAY, MONDAY))],
    "/": [],
}
kept, one_writer = local(), Lock()


def connection() -> sqlite3.Connection:
    if not hasattr(kept, "connection"):
        kept.connection = sqlite3.connect(DATABASE, isolation_level=None)
        kept.connection.execute("PRAGMA journal_mode = WAL")
        kept.connection.execute("PRAGMA synchronous = FULL")
    return kept.connection


def app(environ: dict, start_response: object) -> list:
    if environ["REQUEST_METHOD"] == "POST":
        body = write(environ["wsgi.input"].read())
    else:
        for sql, values in READS[environ["PATH_INFO"]]:
            connection().execute(sql, values).fetchall()
        body = b"x" * int(environ["QUERY_STRING"] or 1)
    length = ("Content-Length", str(len(body)))
    start_response("200 OK", [("Content-Type", "text/html"), length])  # type: ignore[operator]
    return [body]


def write(body: bytes) -> bytes:
    db = connection()
    with one_writer:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO limit_row (what) VALUES (?)", (body.decode(),))
        for seconds in FLUSH:
            time.sleep(float(seconds))
        db.execute("COMMIT")
    return b"x" * 1500  # about as much as a tapped row and the counts


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    connection().execute(
        "CREATE TABLE IF NOT EXISTS limit_row (id INTEGER PRIMARY KEY, what)"
    )
    door = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[door], **{**SETTINGS, "threads": 4})
    print(f"http://127.0.0.1:{server.effective_port}/", flush=True)
    server.run()
