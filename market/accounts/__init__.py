"""People, their roles in organisations, and signing in."""
