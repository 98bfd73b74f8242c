"""The week of attendance as one sheet: on screen, on paper, as a workbook, and signed.

A row per child, a column per roll that was taken, every figure worked out in one place.
Whoever answers for a week signs its sheet; the version is kept as it was, and a slip says
what has changed since, by whom and why. It will never count a child absent for a roll that
nobody took, mix up children who share a name, or change a version that was signed.
"""
