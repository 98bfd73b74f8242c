"""The week in every room, one's own duties, the wall timetable."""

from flask import Blueprint

bp = Blueprint("schedule", __name__)
