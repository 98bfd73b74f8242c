"""Which backups are kept and due, and what the self-check finds; pure."""
