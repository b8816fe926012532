"""What the kitchens state that they need, round by round."""
