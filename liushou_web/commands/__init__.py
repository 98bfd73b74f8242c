"""What each command does, once its options are read; answers with the exit code."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import liushou_web.features  # noqa: F401 - what one feature hears of another holds here too
from liushou_web import clock
from liushou_web.actor import CONSOLE
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.rosters.files import reading as rosters
from liushou_web.rosters.rules import columns
from liushou_web.rosters.rules.changes import words
from liushou_web.rosters.rules.preview import ImportPreview, as_data
from liushou_web.rosters.rules.rows import RosterRow, RosterRows, rows_of
from liushou_web.rosters.rules.vocabulary import CLASS
from liushou_web.rosters.store import imports
from liushou_web.school.store import staff
from liushou_web.serve.data_folder import hold, usual_path

from . import console

COUNTED = ("new", "changed", "unchanged", "asked", "faults")
UNREADABLE = "不能讀取文件「{file}」（{reason}）。"


def serve(options: Namespace) -> int:
    from liushou_web.serve import Wish, serve

    wish = Wish(options.host, options.port, not options.no_browser)
    with hold(options.data or usual_path(demo=options.demo), demo=options.demo) as folder:
        if not options.demo:
            folder.ready(clock.now())
            serve(folder, wish)
        else:
            from liushou_web import demo

            demo.make_ready(folder, clock.now())
            serve(folder, wish, demo=demo.accounts())
    return 0


def migrate(options: Namespace) -> int:
    with hold(options.data or usual_path()) as folder:
        steps = folder.ready(clock.now())
    print("已升級：" + "、".join(steps) if steps else "數據庫完好，已是最新。")
    return 0


def reset_password(options: Namespace) -> int:
    with _open_database(options.data):
        password = staff.reset_password(options.login, by=CONSOLE, at=clock.now())
    print(f"賬號 {options.login} 的一次性密碼：{password}")
    print("七天之內有效；用它登錄後，必須馬上改成自己的密碼。")
    return 0


def import_roster(options: Namespace) -> int:
    """Shows what importing the file would do and, with `--yes`, does it.

    Rows with a fault, or that a person has to decide, are never written; the answer is 1
    if there are any.
    """
    rows = _rows(options.file)
    with _open_database(options.data):
        preview = imports.preview(rows)
        result = _confirm(rows, preview) if options.yes else None
    if options.json:
        counts = {name: len(getattr(preview, name)) for name in COUNTED}
        written = result._asdict() if result else None
        told = {"counts": counts, "written": written, **as_data(preview)}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _show(preview, result)
    return int(bool(preview.faults or preview.asked))


@contextmanager
def _open_database(data: Path | None) -> Iterator[None]:
    """The database of the folder, checked and up to date; nobody else has it meanwhile."""
    with hold(data or usual_path()) as folder:
        folder.ready(clock.now())
        with db.connection_context():
            yield


def _rows(file: Path) -> RosterRows:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused(UNREADABLE, file=file, reason=error.strerror) from error
    book = rosters.read(content, file.name)
    reading = columns.checked(book, columns.guess(book))
    return rows_of(book.sheets[reading.sheet], reading, today=clock.now().date())


def _confirm(rows: RosterRows, preview: ImportPreview) -> imports.Result:
    return imports.confirm(
        rows, seen=preview.digest, choices={}, by=CONSOLE, at=clock.now()
    )


def _show(preview: ImportPreview, result: imports.Result | None) -> None:
    lines = [_line("新增", each.line, "") for each in preview.new]
    lines += [
        _line("修改", each.line, "；".join(map(str, each.changes)))
        for each in preview.changed
    ]
    lines += [
        _line("待定", each.line, each.doubt.label if each.doubt else "")
        for each in preview.asked
    ]
    lines += [
        ("問題", str(fault.row), fault.value, fault.label, str(fault.reason))
        for fault in preview.faults
    ]
    if lines:
        print("\n".join(console.table([("", "行", "姓名", "班級", "說明"), *lines])))
    print(
        f"新增 {len(preview.new)}，修改 {len(preview.changed)}，"
        f"不變 {len(preview.unchanged)}，待定 {len(preview.asked)}，"
        f"問題 {preview.faulty_rows} 行。"
    )
    print(_closing(preview, result))


def _line(kind: str, line: RosterRow, about: str) -> tuple[str, ...]:
    record = line.record
    return kind, str(line.row), record.name, words(CLASS, record.school_class), about


def _closing(preview: ImportPreview, result: imports.Result | None) -> str:
    if result:
        return f"已寫入：新增 {result.new} 人，修改 {result.changed} 人。"
    if preview.new or preview.changed:
        return "還沒有寫入。核對無誤後，加上 --yes 再執行一次。"
    return "沒有需要寫入的。"
