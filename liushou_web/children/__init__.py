"""The register: each child's file, its class, its name card, and who may collect it.

Children are found by name, pinyin or number, and listed in one order everywhere. A file
is never deleted and never written over unseen, and the trail says who read it. Beside it
is kept who may collect the child, and how it usually goes home. The register will never
keep an identity number, mix up two children of one name, or let a consent to going home
alone stand without who gave it and when.
"""
