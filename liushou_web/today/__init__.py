"""The first page of everybody: what is on, what waits for the reader, the house in figures.

It knows every other feature, and none knows it. It will never show what the pages behind
it would refuse, or offer a thing to settle to somebody who cannot.
"""
