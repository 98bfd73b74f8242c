"""The first day: from an empty database to a school with one administrator."""
