"""What grading found: the model, and its way from records into a notebook and back."""
