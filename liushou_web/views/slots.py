"""Weekly openings: plan them, see each date first, save."""

from flask import Blueprint

bp = Blueprint("slots", __name__)
