"""The roll as it is read, and what counts as a change of it."""

from datetime import timedelta

import make
from kit import MONDAY_4PM

from liushou_web.children.store import collecting
from liushou_web.schema import Activity, Attendance


def test_open_rolls_of_today_show_again_who_may_collect(store):
    make.school()
    child, office = make.child(way=None), make.actor(make.staff(roles=("office",)))
    today, past = make.activity(), make.activity(MONDAY_4PM - timedelta(days=1))
    closed = make.activity(room=make.room("閱讀室"))
    for activity in (today, past, closed):
        make.attendance(activity, child)
    gone = {"came_at": MONDAY_4PM, "went_at": MONDAY_4PM}
    make.attendance(make.activity(room=make.room("美術室")), child, **gone)
    Activity.update(closed_at=MONDAY_4PM).where(Activity.id == closed.id).execute()

    collecting.set_home(child.id, "bus", by=office, at=MONDAY_4PM)

    for table in (Activity, Attendance):
        rows = table.select().order_by(table.id)
        assert [row.version for row in rows] == [1, 0, 0, 0]
