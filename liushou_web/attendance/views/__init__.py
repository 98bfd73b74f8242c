"""The pages of the roll, from the first tap to the close."""

from . import (
    closing,
    corrections,
    leave,
    paper,
    pickup,
    presence,
    roll,
    room_check,
    scanning,
    unlisted,
)

BLUEPRINTS = (
    roll.bp,
    room_check.bp,
    closing.bp,
    corrections.bp,
    leave.bp,
    pickup.bp,
    paper.bp,
    presence.bp,
    unlisted.bp,
    scanning.bp,
)
