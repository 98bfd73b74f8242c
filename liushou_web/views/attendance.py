"""The roll of one activity: see who is here, tap them in, tap them out."""

from flask import Blueprint

bp = Blueprint("attendance", __name__)
