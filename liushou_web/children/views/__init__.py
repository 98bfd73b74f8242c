"""The pages of the register."""

from . import cards, classes, collecting, register

BLUEPRINTS = (cards.bp, register.bp, classes.bp, collecting.bp)
