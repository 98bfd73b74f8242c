"""Every feature, from the ground up: the pages they bring to the application, and what
happens in a lower one and is felt in a higher."""

from liushou_web.attendance import views as attendance
from liushou_web.attendance.store import rolls
from liushou_web.backups import daily
from liushou_web.backups import views as backups
from liushou_web.children import views as children
from liushou_web.children.store import collecting
from liushou_web.counselling import views as counselling
from liushou_web.phone import views as phone
from liushou_web.reports import views as reports
from liushou_web.rosters import views as rosters
from liushou_web.rosters.store import drafts
from liushou_web.schedule import views as schedule
from liushou_web.school import auth
from liushou_web.school import views as school
from liushou_web.setup import views as setup
from liushou_web.today import views as today
from liushou_web.vaults import keyring
from liushou_web.vaults import views as vaults

PAGES = (
    school,
    children,
    vaults,
    rosters,
    schedule,
    attendance,
    phone,
    counselling,
    reports,
    backups,
    setup,
    today,
)
NAMES = tuple(feature.__name__.split(".")[1] for feature in PAGES)
BLUEPRINTS = tuple(bp for feature in PAGES for bp in feature.BLUEPRINTS)

auth.when_signed_out = (keyring.lock,)  # an unlocked vault closes
collecting.when_changed = (rolls.show_again,)  # an open roll shows who may collect
daily.chores = (lambda now: drafts.forget_old(at=now),)
