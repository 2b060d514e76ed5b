"""The warm engine: a process that has imported the grader and keeps fork servers between commands, for one user alone.

`server` forks a `monitor` for each command, which runs it in a process of its own; `templates` are fork servers
that have never forked anything but fork servers. A `rehearsal` readies the libraries; `world` is what ends a server
when it changes. How a command finds a server and hands itself over, and a grading borrows, is in course.grading.warm.

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
