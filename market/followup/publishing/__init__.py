"""What leaves the authority: the report, sheets, open data; and what must not."""
