"""File formats of other planners and of the literature."""
