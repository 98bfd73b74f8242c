"""The commands about backups and the self-check; they answer with the exit code."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from liushou_web import clock
from liushou_web.actor import CONSOLE
from liushou_web.backups import archive, making, restoring, second_place
from liushou_web.backups import self_check as checking
from liushou_web.backups.archive import Contents
from liushou_web.backups.rules.findings import FindingState
from liushou_web.backups.rules.retention import BackupKind, backup_named
from liushou_web.db import db
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused
from liushou_web.school.store import trail
from liushou_web.serve.data_folder import DataFolder, hold, usual_path

from . import console

WORD = "恢復"
WORDS = {WORD, "恢复"}
NO_DATA = "「{folder}」裏還沒有數據。請先啟動一次程序，或用 --data 指定文件夾。"
NO_BACKUP = "「{folder}」裏沒有備份。"
NOT_CONFIRMED = "沒有恢復：要輸入「恢復」兩個字（或加 --yes）才會開始。"


def backup(options: Namespace) -> int:
    """Makes a backup now; with `--rehearse`, tries it at once."""
    with hold(options.data or usual_path()) as folder:
        if not folder.exists:
            raise Refused(NO_DATA, folder=folder.path)
        now = clock.now()
        folder.ready(now)
        with db.connection_context():
            made = making.make(folder.paths, BackupKind.MANUAL, now)
            trail.record("backup.make", by=CONSOLE, at=now, detail=made.name)
        looked = second_place.fill(folder.paths, now)
        print(f"備份已做好：{folder.backups / made.name}")
        if looked:
            print(looked.trouble or "也已複製到第二處。")
        if options.rehearse:
            _rehearse(folder.paths, folder.backups / made.name, now)
    return 0


def rehearse(options: Namespace) -> int:
    """Tries the newest backup, or the one named; the server may go on running."""
    paths = DataFolder((options.data or usual_path()).absolute()).paths
    _rehearse(paths, _file(paths, options.backup), clock.now())
    return 0


def restore(options: Namespace) -> int:
    """Shows what is in the backup, asks, and puts it in place of everything."""
    with hold(options.data or usual_path()) as folder:
        file = _file(folder.paths, options.backup)
        _show(file, restoring.rehearse(folder.paths, file))
        if not (options.yes or _is_confirmed()):
            raise Refused(NOT_CONFIRMED)
        print(_put_back(folder, file, clock.now()))
        folder.ready(clock.now())
    print("恢復好了。所有人都要重新登錄。")
    return 0


def check(options: Namespace) -> int:
    """Everything that can go wrong, line by line; 1 if anything has."""
    folder = DataFolder((options.data or usual_path()).absolute())
    if not folder.exists:
        raise Refused(NO_DATA, folder=folder.path)
    found = checking.findings(folder.paths, clock.now())
    bad = any(finding.state is FindingState.BAD for finding in found)
    if options.json:
        lines = [
            (each.what, each.state.value, each.in_words(), each.todo) for each in found
        ]
        names = ("what", "state", "words", "todo")
        told = [dict(zip(names, line, strict=True)) for line in lines]
        print(json.dumps({"ok": not bad, "findings": told}, ensure_ascii=False, indent=1))
        return int(bad)
    for line in console.table([(e.state.label, e.what, e.in_words()) for e in found]):
        print(line)
    for finding in found:
        if finding.todo:
            print(f"\n{finding.what}：{finding.todo}")
    return int(bad)


def _rehearse(paths: Paths, file: Path, now: datetime) -> None:
    contents = restoring.rehearse(paths, file)
    _show(file, contents)
    if contents.newest:
        print(f"  最後一條記錄到現在：{(now - contents.newest).days} 天")
    print("演練通過：這份備份完好，可以恢復。現有的數據沒有動。")


def _file(paths: Paths, wanted: str | None) -> Path:
    """A path, or the name of one of our own; nothing wanted is the newest of these."""
    if wanted and (backup_named(wanted) is None or os.path.isfile(wanted)):
        return Path(wanted)
    if wanted:
        return paths.backups / wanted
    found = making.all_in(paths.backups)
    if not found:
        raise Refused(NO_BACKUP, folder=paths.backups)
    return paths.backups / found[0].name


def _show(file: Path, contents: Contents) -> None:
    backup = backup_named(file.name)
    if backup:
        print(f"備份：{backup.at:%Y-%m-%d %H:%M}（{backup.kind.label}）")
    print(f"  文件：{file}")
    print(f"  學校：{contents.school or '（還沒有設置）'}")
    for label, count in contents.counted:
        print(f"  {label}：{count}")
    if contents.newest:
        print(f"  最後一條記錄：{contents.newest:%Y-%m-%d %H:%M}")
    print(f"  數據庫版本：{contents.steps[-1] if contents.steps else ''}")
    if backup:
        print(f"  程序版本：{archive.manifest_of(file).program}")


def _is_confirmed() -> bool:
    try:
        typed = input(f"現在的數據會先備份，再換成上面這一份。請輸入「{WORD}」：")
    except EOFError:
        return False
    return typed.strip() in WORDS


def _put_back(folder: DataFolder, file: Path, now: datetime) -> str:
    """Puts the backup in place of a good database, or of a damaged one or none; says what
    was kept."""
    if folder.is_sound():
        saved = restoring.restore(folder.paths, file, by=CONSOLE, at=now)
        return f"原來的數據已備份：{saved.name}"
    aside = restoring.restore_over_damage(folder.paths, file, by=CONSOLE, at=now)
    return f"原來的文件已損壞，留底在：{aside}" if aside else "原來沒有數據。"
