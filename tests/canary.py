"""Canaries: words planted where one reader alone may see them, then looked for everywhere.

A word is looked for as text and in the disguises that a program gives to text: escaped in
JSON, in an address, in base64 at any offset; archives and signed texts, which are
deflated, are unpacked first.
"""

import base64
import json
import re
import zlib
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

import pages
from kit import MONDAY_4PM

from liushou_web.backups import making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db
from liushou_web.db.paths import paths
from liushou_web.schema import Trail


class Canaries:
    """Words that occur nowhere else. `canaries("issue")` makes one; plant it; later ask
    `found_in(…)` for those that a place shows."""

    def __init__(self):
        self.words = {}

    def __call__(self, name):
        """A Chinese word, as a note holds it, that no page of ours says."""
        made = f"金絲雀{chr(0x4E00 + 97 * len(self.words))}{name}啼"
        self.words[name] = made
        return made

    def found_in(self, *places):
        """Names of the canaries that sing in any of these texts or bytes."""
        raws = [place.encode() if isinstance(place, str) else place for place in places]
        raws += [raw for place in raws for raw in [*unpacked(place), *inflated(place)]]
        return {
            name
            for name, word in self.words.items()
            if any(disguise in raw for disguise in disguises(word) for raw in raws)
        }


def disguises(word):
    plain = word.encode()
    yield plain
    yield json.dumps(word).strip('"').encode()
    yield quote(word).encode()
    yield word.encode("utf-16-le")
    yield word.encode("gb18030")
    for shift in range(3):
        shifted = base64.b64encode(b"\0" * shift + plain)
        kept = shifted[4 if shift else 0 : -4]  # what no neighbour changes
        yield kept
        yield kept.translate(bytes.maketrans(b"+/", b"-_"))


def unpacked(raw):
    """The files in a zip archive: a backup, or a workbook."""
    if is_zipfile(BytesIO(raw)):
        with ZipFile(BytesIO(raw)) as archive:
            for name in archive.namelist():
                inner = archive.read(name)
                yield inner
                yield from unpacked(inner)


SIGNED = re.compile(rb"\.([\w-]{20,})\.[\w-]+\.[\w-]{20,}")


def inflated(raw):
    """What itsdangerous signed and deflated, as it carries the typing over a login."""
    for body in SIGNED.findall(raw):
        try:
            yield zlib.decompress(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
        except (ValueError, zlib.error):
            continue


def on_disk(database):
    """The database as bytes, with its write-ahead log, and in a backup made now."""
    folder = Path(database).parent
    made = making.make(paths(), BackupKind.MANUAL, MONDAY_4PM)
    files = [*folder.glob("*.db*"), *folder.rglob(made.name)]
    assert len(files) >= 2
    return [file.read_bytes() for file in files]


def in_trail():
    return [f"{line.deed} {line.subject} {line.detail}" for line in Trail.select()]


def in_tables():
    """Every value of every table, as a query would give it."""
    tables = [name for name in db.get_tables() if not name.startswith("sqlite_")]
    for table in tables:
        for row in db.execute_sql(f'SELECT * FROM "{table}"').fetchall():
            yield from (str(v) if not isinstance(v, bytes) else v for v in row)


def pages_of(client, filled):
    """All that this reader is answered at every address there is, by its path."""
    ids = filled.ids
    for _, *addresses in pages.PAGES.values():
        for path in addresses:
            address = path.format(**ids)
            yield address, client.get(address).get_data()
    for address in addresses_of_files(ids):
        yield address, client.get(address).get_data()


def addresses_of_files(ids):
    yield "/children/import/template.xlsx"
    yield f"/reports/week/download?week={ids['signed_week']}"
    yield "/calls/register/download"
    yield "/calls/missing/download"
    yield "/leave/find?q=a"
