"""The grading engine: `run.grade` is the way in, `engine` the way through."""
