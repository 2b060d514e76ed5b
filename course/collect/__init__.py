"""From what a learning platform hands over to `submitted/`: who sent what, when, and which attempt counts."""
