"""Terms, closed days and make-up days."""

from flask import Blueprint

bp = Blueprint("calendar", __name__)
