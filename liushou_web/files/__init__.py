"""Readers and writers of spreadsheets: plain rows in, plain rows or bytes out."""
