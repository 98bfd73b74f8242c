"""What every page shares: forms, answers, errors, headers, the reader's script."""
