"""The language as data: one family a file. See README.md in this folder for how to add a phrase, a trap or a product."""
