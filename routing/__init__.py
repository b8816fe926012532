"""A planner of weekly food routes: a frozen Problem in, a checked Plan out."""
