"""The beginning of a school as one write."""
