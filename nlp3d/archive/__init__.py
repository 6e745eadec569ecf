"""Archives: any number of reports in, a table, a quarantine and a reconciliation out; nothing lost, killed or not.

`run.py` reads what a run left, `engine.py` makes it.
"""
