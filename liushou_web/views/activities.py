"""One-off activities, and changes to a single date."""

from flask import Blueprint

bp = Blueprint("activities", __name__)
