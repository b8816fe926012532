"""Applications to the categories of a DIS, and how they are qualified."""
