"""Every table in foreign-key order, with its constraints; no queries."""

from liushou_web.db.form_keys import FormKey
from liushou_web.db.table import Table

from .calendar import CalendarDay, Term
from .calls import Call, CallWish, NumberFault, Phone, PhoneHours
from .closing import CheckItem, Correction, RoomCheck
from .collecting import Collector, WayHome
from .counselling import CounsellingBooking, CounsellingException, CounsellingHours
from .leave import CaseSeen, Leave
from .paper import PaperRow, PaperSheet
from .people import LoginFailure, LoginSession, School, Staff, Trail
from .schedule import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    Attendance,
    Room,
    Slot,
    SlotChild,
    SlotClass,
    SlotDuty,
)
from .school import Child, ChildFile, ImportDraft, SchoolClass
from .sheets import FrozenSheet
from .swaps import DutySwap
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
)

__all__ = [table.__name__ for table in TABLES] + ["TABLES", "Table"]
