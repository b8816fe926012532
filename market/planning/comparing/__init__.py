"""A plan beside other ways to drive the same goods, and what co-loading saves each producer."""
