"""The register of children: find one, read and keep the file."""

from flask import Blueprint

bp = Blueprint("children", __name__)
