"""What an authority has bound itself to by direct award, against the limit in force on the day."""
