"""Every table in foreign-key order, with its constraints; no queries."""

from liushou_web.db.form_keys import FormKey
from liushou_web.db.table import Table

from .attendance import (
    Attendance,
    CaseSeen,
    CheckItem,
    Correction,
    Leave,
    Move,
    Outing,
    PaperRow,
    PaperSheet,
    RoomCheck,
    Unregistered,
)
from .children import Child, ChildFile, Collector, SchoolClass, WayHome
from .counselling import CounsellingBooking, CounsellingException, CounsellingHours
from .phone import Call, CallWish, NumberFault, Phone, PhoneHours
from .reports import FrozenSheet
from .rosters import ImportDraft
from .schedule import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    CalendarDay,
    DutySwap,
    Room,
    Slot,
    SlotChild,
    SlotClass,
    SlotDuty,
    Term,
)
from .school import LoginFailure, LoginSession, School, Staff, Trail
from .vaults import NoteVersion, SessionNote, Vault, VaultOpening

TABLES: tuple[type[Table], ...] = (
    School,
    Staff,
    LoginSession,
    LoginFailure,
    FormKey,
    Trail,
    Term,
    CalendarDay,
    SchoolClass,
    Child,
    ChildFile,
    Collector,
    WayHome,
    ImportDraft,
    Leave,
    CaseSeen,
    Room,
    Slot,
    SlotDuty,
    SlotClass,
    SlotChild,
    Activity,
    ActivityDuty,
    ActivityClass,
    ActivityChild,
    DutySwap,
    Attendance,
    Outing,
    Move,
    FrozenSheet,
    CheckItem,
    RoomCheck,
    Correction,
    Vault,
    SessionNote,
    NoteVersion,
    VaultOpening,
    CounsellingHours,
    CounsellingException,
    CounsellingBooking,
    Phone,
    PhoneHours,
    Call,
    CallWish,
    NumberFault,
    PaperSheet,
    PaperRow,
    Unregistered,
)

__all__ = [table.__name__ for table in TABLES] + ["TABLES", "Table"]
