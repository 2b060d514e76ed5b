"""A review deck for each student: the cards behind the checks they missed, with dates, and a page that says why."""
