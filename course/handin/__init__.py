"""Handing in: what a student sends, and the receipt by which it is known again."""
