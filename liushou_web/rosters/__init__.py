"""The school's own spreadsheets, in whatever form they come, into the register.

A book is read in a process of its own, its headings and columns are guessed and corrected
by a person, each row is matched with the register, and what would happen is shown before
anything is written. What could be two children is asked, never decided. An import is
written whole or not at all, and never otherwise than its preview said; a book is kept for
a day, for its owner alone.
"""
