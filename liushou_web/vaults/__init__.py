"""Words that one reader alone can open: keys, recovery codes, and who opened what."""
