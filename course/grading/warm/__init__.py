"""The warm engine: a process that has imported the grader and keeps fork servers between commands, for one user alone.

``client`` hands a command over and imports nothing heavy; ``server`` forks a ``keeper`` for each, which runs it in a
process of its own; ``templates`` are fork servers that have never forked anything but fork servers, and ``borrowing``
is how a grading gets one of these. What makes a server fit a command is in ``fitting``, what ends it in ``world``.

It protects against the following, and each sentence is a test:

- Only processes of its own user can send it requests, through a folder that nobody else may enter.
- No code of a student's or of a course's runs in the process that stays, nor in a fork server that it keeps.
- Nothing of a command stays in them: no answer, test, setting, secret or variable.
- A command that ends, however it ends, leaves no process behind.
- What was installed or changed since is never graded with what was imported before.

It does not protect against these:

- Another program of the same user, which has the same rights without it.
- A command runs under the server's control group: where jobs are billed or limited by that, as under Slurm, use none.
"""
