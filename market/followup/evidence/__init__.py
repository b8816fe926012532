"""DIS against direct award, and a simulation of how many suppliers a DIS needs."""
