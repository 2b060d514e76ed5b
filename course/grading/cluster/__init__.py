"""Grading on other machines by Dask: `commander` hands hand-ins out and takes verdicts in, `worker` grades them there.

`joining` reaches the scheduler or starts workers on this machine, `staff` knows which workers may be used, `wire` is
what crosses: bytes of plain data, in both directions. `cores` keeps the workers of one machine apart.

It protects against the following, and each sentence is a test:

- Nothing of a student's is unpickled by anybody: notebooks, files and results cross as bytes of msgpack and JSON.
- A result is taken only if it is on the hand-in that was sent, on this lesson's cells, and within their points.
- A worker whose grader, packages or jail are other than they should be grades nothing.
- Workers get no secret of the course's, no name of its database and no other hand-in's data.
- What was begun ends soon after the commanding process does, however it ends.

It does not protect against these:

- Scheduler and workers run what whoever reaches the scheduler sends them, and Dask pickles what it says itself: they
  and the network between them have to be trusted as the commanding machine is, or joined by TLS.
- A worker whose jail is broken out of sees the hidden tests of the lesson, and can send wrong points.
"""
