"""What the instructor's side of a notebook is, and which side owns each name that a test reads."""
