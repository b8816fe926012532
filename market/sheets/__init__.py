"""Excel files that people send in: opened without trusting them, and every error told with its place."""
