"""The steps of ``routing.bound``: relaxations of a Problem whose optimum can be proven."""
