"""Study visits: producers offer dates, schools book."""
