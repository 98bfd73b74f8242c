"""The rooms of the home, as far as their names tell what they are for."""

COUNSELLING = ("心理輔導", "心理辅导")


def is_counselling_room(name: str) -> bool:
    """Whether a new room of that name is taken for the counselling room."""
    return any(each in name for each in COUNSELLING)
