"""`python -m nlp3d` is the command `nlp3d`."""

from .cli import main

main()
