"""How to reach a warm engine: `client` hands a command over, `borrowing` is how a grading gets a fork server.

None of it imports the engine itself (course.warm), and the client imports nothing heavy. What makes a server fit is in
`fitting`, where servers listen in `place`, what is said in `line`; `running` asks those that run.
"""
