"""The top layer: the examiner's end and the candidate's, their conversation, and what each holds of the other."""
