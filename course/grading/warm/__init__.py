"""How to reach a warm engine: ``client`` hands a command over, ``borrowing`` is how a grading gets a fork server.

They import nothing of the engine itself (course.warm), nor anything heavy. What makes a server fit is in ``fitting``,
``place`` is where servers listen, ``line`` what is said, and ``running`` is about those that run.
"""
