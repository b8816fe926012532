"""The dynamic purchasing system (DIS), LOU ch. 8 and 19: notice, application, call-off, sealed tender, evaluation, award.

A noun folder for each step, in the order of the procedure; a later one may import an earlier one, never the other way:
systems, applications, needs, sealing, calloffs, tenders, evaluations, awards, casefile.
Nothing in here knows where anything is: equal treatment (LOU 4 kap. 1 §) is kept as an import contract.
"""
