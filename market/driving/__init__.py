"""On the road: what drivers report, the temperatures they measure, and what it tells those who wait."""
