"""Accounts of the staff, and what each role may do."""

from flask import Blueprint

bp = Blueprint("staff", __name__)
