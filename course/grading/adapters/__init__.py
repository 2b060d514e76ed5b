"""nbgrader's own machinery: its converters, the engine as its steps, and grading in one kernel."""
