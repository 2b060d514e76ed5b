"""The top floor: the examiner's end and the candidate's, their conversation, and what each holds of the other."""
