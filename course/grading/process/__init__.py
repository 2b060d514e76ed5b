"""The processes of a grading: the fork server, and what it forks for a submission."""
