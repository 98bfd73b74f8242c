"""The trail, for those who answer for the system."""

from flask import Blueprint

bp = Blueprint("trail", __name__)
