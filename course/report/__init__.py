"""What people read after grading: the class table, and each student's feedback."""
