"""From orders to routes: the only part that knows the planner."""
