"""The student's desk: how far one is, and handing in."""
