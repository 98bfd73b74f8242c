"""Brings a database up to this program's schema, one numbered step after another."""

from __future__ import annotations

from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from . import db

FOLDER = Path(__file__).parent.parent / "migrations"


def runner(database: SqliteDatabase = db) -> Runner:
    return Runner(database, str(FOLDER))


def pending(database: SqliteDatabase = db) -> list[str]:
    """Names of the steps that the open database still lacks."""
    steps = runner(database).status()
    return [step.name for step in steps if step.path and not step.applied]


def unknown(database: SqliteDatabase = db) -> list[str]:
    """Steps that the open database has and this program does not: it is newer than us."""
    return [step.name for step in runner(database).status() if not step.path]


def migrate(database: SqliteDatabase = db) -> list[str]:
    """Runs what is pending, each step whole or not at all; returns their names."""
    applied: list[str] = runner(database).up()
    return applied
