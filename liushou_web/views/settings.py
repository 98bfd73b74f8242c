"""The school's names and settings."""

from flask import Blueprint

bp = Blueprint("settings", __name__)
