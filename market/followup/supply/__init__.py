"""Who produces what, where nobody does, and whom to invite."""
