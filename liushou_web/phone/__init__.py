"""Calls home on the family phones: who is next, how each call went, whom nobody reached.

A teacher at the desk starts and ends a call with one tap each; children wait in a fair
queue or for a time of their own; a number that reaches nobody goes to the class teacher.
It will never keep what was said, show a whole number but to who dials it, put two calls on
one line, or invent when a call ended.
"""
