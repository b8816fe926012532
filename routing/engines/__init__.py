"""Engines: each turns a Problem into trips, orders of work without times. Times, costs and checks are shared."""
