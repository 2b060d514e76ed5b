"""The class on one page: what was hard, who made which mistake, who needs a look."""
