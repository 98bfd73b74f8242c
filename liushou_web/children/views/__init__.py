"""The pages of the register."""

from . import cards, classes, collecting, namesakes, register

BLUEPRINTS = (cards.bp, register.bp, classes.bp, collecting.bp, namesakes.bp)
