"""Maintainers' commands: measure the grading engine, write the pinned versions anew."""
