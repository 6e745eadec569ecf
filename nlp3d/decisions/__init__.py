"""What coders decide, and what they know better than the reading: corrections, an append-only store, its audit and its exports.

Nothing here knows the page: a decision is plain data that any program may record.
"""
