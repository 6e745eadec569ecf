"""What the rows of a run say together: counts, an archive page, samples for audit, and what differs between two runs.

Everything here reads a run through `rows.Run`, a row at a time, and never needs the reports' texts.
"""
