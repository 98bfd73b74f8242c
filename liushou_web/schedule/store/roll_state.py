"""What an activity carries of its roll: when it was opened, how often it was changed, and
how it was closed. Whoever takes the roll calls these, inside the write of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liushou_web.db.prepared import Prepared
from liushou_web.schema import Activity


def open_roll(activity_id: int, *, grace_minutes: int, at: datetime) -> None:
    """From now on its rows stand; `grace_minutes` are kept as they are today."""
    opened = {"opened_at": at, "grace_minutes": grace_minutes}
    Activity.update(opened).where(Activity.id == activity_id).execute()


def set_version(activity_id: int, version: int) -> None:
    """Counts a change of the roll, so that every device sees it."""
    _set_version.execute(version, activity_id)


@Prepared
def _set_version(version: Any, activity_id: Any) -> Any:
    return Activity.update(version=version).where(Activity.id == activity_id)


def close_roll(
    activity_id: int,
    *,
    version: int,
    locked_by: int | None,
    note: str,
    by: int | None,
    at: datetime,
) -> None:
    """From now on the roll takes corrections only; `locked_by` is who locked the rooms."""
    Activity.update(
        closed_at=at, closed_by=by, locked_by=locked_by, close_note=note, version=version
    ).where(Activity.id == activity_id).execute()
