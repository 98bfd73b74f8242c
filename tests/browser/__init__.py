"""Tests in a real browser, against the real server with its production settings."""
