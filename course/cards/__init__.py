"""Flash cards and graded work: which cards the course mirrors."""
