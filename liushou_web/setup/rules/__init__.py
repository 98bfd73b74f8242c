"""Pure rules of the first day."""
