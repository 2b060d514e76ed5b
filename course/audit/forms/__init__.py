"""What spoilers and keepers wrap around an answer's functions: their source is appended to the answer.

So each stands alone, imports what it needs inside, and leans on nothing but `shared` of the same folder.
"""
