"""The weekly sheet: on screen, on paper, as a spreadsheet."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
