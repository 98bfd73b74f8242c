"""How to use it, and the duty teacher's card."""

from flask import Blueprint

bp = Blueprint("help", __name__)
