"""A simulated market of a DIS: how many suppliers it needs, by hand and electronic, in a small and a large municipality.

The library (parameters, draws, playing, measures, pieces, answers, table, figure) is numpy and plain Python: no web, no
database. docs/simulation.md tells the model as a whole.
"""
