"""What leaves the course for other systems: marks for gradebooks, and graders for platforms that run them."""
