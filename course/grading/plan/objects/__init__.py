"""Which objects the names of a notebook may stand for, and what running a cell may do to them: from the text alone."""
