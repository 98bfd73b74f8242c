"""Reads a roster from what a teacher hands in: a workbook, a text file, pasted cells."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from liushou_web.refusal import Refused

from ..rules.book import Book, Cell, Worksheet
from . import text_cells

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 2000
MOST_SECONDS = 10
READER = Path(__file__).with_name("workbook.py")

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = re.compile(
    rb"\x09\x08(?:\x10\0.{16}|\x08\0.{8})\x2f\0", re.DOTALL
)  # BOF, FILEPASS
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table", b"mime-version")
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
)
SAVE_AS = "請在 WPS 或 Excel 中打開它，另存為 .xlsx 後再上傳。"

FAULTS = {
    "password": "這個文件加了密碼，無法讀取。請取消密碼後再上傳。",
    "broken": f"這個文件已損壞，無法讀取。{SAVE_AS}",
    "rows": "表格超過 20,000 行。請分成幾個文件導入。",
    "columns": "表格超過 100 欄。請刪去用不到的欄後再上傳。",
    "cells": "表格內容太多。請刪去用不到的欄和工作表後再上傳。",
    "heavy": "這個文件展開後太大，沒有讀取。請把名冊複製到一個新的表格文件裏再上傳。",
    "slow": "這個文件讀取太久，已停止。請把名冊複製到一個新的表格文件裏再上傳。",
}


def read(content: bytes, filename: str) -> Book:
    """The sheets of an .xlsx, .xls, .ods or .csv file; what it is shows in its content,
    not in its name.

    Refuses, in one sentence, what is too large, protected, broken or no table at all.
    """
    if not content:
        raise Refused("這個文件是空的。")
    if len(content) > LARGEST_FILE:
        raise Refused("文件超過 10 MB。請刪去圖片和用不到的工作表後再上傳。")
    _refuse_other_kinds(content[:512].lower(), content[:8])
    if content.startswith(ZIP):
        _check_archive(content)
    elif content.startswith(OLD_OFFICE):
        _check_old_office(content)
    else:
        return Book(filename, (Worksheet("", text_cells.from_file(content)),))
    return Book(filename, _sheets(_read_apart(content)))


def pasted(text: str) -> Book:
    """Cells copied from WPS or Excel into a box."""
    return Book("", (Worksheet("", text_cells.from_text(text)),))


def _refuse_other_kinds(start: bytes, magic: bytes) -> None:
    if magic.startswith(PICTURES):
        raise Refused("這是一張圖片，不是表格。請上傳表格文件。")
    if magic.startswith(b"%PDF"):
        raise Refused("這是 PDF 文件，不是表格。請上傳表格文件。")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(MARKUP):
        raise Refused(f"這是網頁格式的文件，不是表格。{SAVE_AS}")


def _check_archive(content: bytes) -> None:
    """Looks into the archive's directory, then counts what really comes out of it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts}, archive)
            if len(parts) > MOST_PARTS:
                raise Refused(FAULTS["heavy"])
            _check_size(archive, parts)
    except DAMAGED as fault:
        raise Refused(FAULTS["broken"]) from fault
    except (RuntimeError, NotImplementedError) as fault:  # a password on the archive itself
        raise Refused(FAULTS["password"]) from fault


def _check_kind(names: set[str], archive: zipfile.ZipFile) -> None:
    if "xl/workbook.xml" in names:
        return
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        kind = archive.read("mimetype")
        if b"opendocument.spreadsheet" in kind:
            return
    raise Refused("這個文件不是表格。請上傳 .xlsx、.xls、.ods 或 .csv 文件。")


def _check_size(archive: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo]) -> None:
    """The sizes in the directory may lie, so every part is unpacked, and thrown away."""
    left = LARGEST_UNPACKED
    for part in parts:
        left -= part.file_size
    if left < 0:
        raise Refused(FAULTS["heavy"])
    for part in archive.infolist():
        honest = part.file_size
        part.file_size = honest + 1  # one byte more than promised is already a lie
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                honest -= len(chunk)
        if honest < 0:
            raise Refused(FAULTS["broken"])


def _check_old_office(content: bytes) -> None:
    """Refuses an old office file that is locked, or no spreadsheet: its streams have their
    names in UTF-16 in the file's directory."""
    if "EncryptedPackage".encode("utf-16-le") in content or LOCKED.search(content):
        raise Refused(FAULTS["password"])
    others = ("WordDocument", "PowerPoint Document")
    if any(name.encode("utf-16-le") in content for name in others):
        raise Refused("這個文件不是表格。請上傳 .xlsx、.xls、.ods 或 .csv 文件。")


def _read_apart(content: bytes) -> list[dict[str, Any]]:
    """What `workbook.py` says of the file, in a process of its own."""
    try:
        done = subprocess.run(  # noqa: S603 - our own reader, by fixed words
            [sys.executable, "-X", "utf8", str(READER)],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise Refused(FAULTS["slow"]) from fault
    if done.returncode < 0:
        raise Refused(FAULTS["heavy"])
    if done.returncode:
        raise Refused(FAULTS["broken"])
    answer = json.loads(done.stdout)
    if "fault" in answer:
        raise Refused(FAULTS[answer["fault"]])
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _sheets(found: list[dict[str, Any]]) -> tuple[Worksheet, ...]:
    """The visible sheets, or all where none is visible."""
    seen = [sheet for sheet in found if not sheet["hidden"]] or found
    if not seen:
        raise Refused("這個表格是空的。")
    for sheet in seen:
        _fill_down(sheet["rows"], sheet["merged"])
    return tuple(Worksheet(sheet["name"], sheet["rows"]) for sheet in seen)


def _fill_down(rows: list[list[Cell]], merged: list[Any]) -> None:
    """A cell merged over several rows of one column stands in each of them."""
    for (top, left), (bottom, right) in merged:
        if left != right or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            row += [""] * (left + 1 - len(row))
            row[left] = row[left] or rows[top][left]
