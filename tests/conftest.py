"""What holds for all tests: none is held to a time, as machines that run them may be busy."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
