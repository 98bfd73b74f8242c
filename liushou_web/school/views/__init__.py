"""The pages of settings, staff, logins and the trail."""

from . import account, help, login, settings, staff, trail

BLUEPRINTS = (account.bp, help.bp, login.bp, settings.bp, staff.bp, trail.bp)
