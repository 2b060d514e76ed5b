"""What a student handed in: files found, notebooks parsed, cells matched and repaired."""
