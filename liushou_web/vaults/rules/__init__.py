"""How words are sealed, and why a vault may be opened; pure."""
