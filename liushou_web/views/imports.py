"""A roster in whatever form a teacher hands in: read, preview, confirm."""

from flask import Blueprint

bp = Blueprint("imports", __name__)
