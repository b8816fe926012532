"""The commands of narmat that need the database or the web application."""
