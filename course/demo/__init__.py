"""A made-up class that hands in real notebooks, to see the grader at work."""
