"""The first visit of an empty installation."""

from flask import Blueprint

bp = Blueprint("setup", __name__)
