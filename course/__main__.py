"""`python -m course` is the `course` command."""

from course.entry import main

main()
