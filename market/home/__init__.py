"""The first page of everyone, signed in or not."""
