"""The boundary between the examiner, which runs the tests, and the candidate, which runs the student's code.

What it protects against:

- The test's code never runs in the candidate, and no code of the student's ever runs in the examiner.
- What arrives from the candidate is rebuilt as exact built-in types, tensors and arrays, or stays a reference.
- A reference cannot be compared, tested for truth, hashed or calculated with, so a verdict rests on data.
- Nor has it a method of a tensor, an array or Python's own types, unless the course's own code defines one so named.
- Where a test asks for its length and loops over it, the items do not end before the length does.
- A student's container is judged by data that it told once, and what changes it answers as Python's own would.
- Looked at twice with nothing done in between, it tells the same, and it changes no tensor by being looked at.
- What is masked or missing agrees with nothing, unless the course's own code deals in masks or tables.
- Of a view, its steps and its elements cross, and nothing that lies between them in memory.
- Of an exception in the test, the candidate learns the built-in class and nothing else.
- Of a function or object that a test cell defines and hands over, the candidate does not learn even the name.
- When a call ends, every value of the test's that the student's code changed is known, with its former contents.
- Whatever bytes the candidate sends, the examiner gets a value, a StudentError or a CandidateEnded, in time.
- The candidate reaches only what it was given: functions to call, named members, contents of tensors and lists.
- A value above the caps is an error of that one call; the candidate continues.

What it does not protect against:

- A test that gives the student the answer, or trusts what was computed or drawn on the student's side.
- A test that passes over what is masked or missing, in a course whose own code deals in masks or tables.
- A target whose gradient a test sends back through the student's function: a later call may answer with it.
- An infinite loop in the test's own functions, which the student may call as often as the deadline allows.
- Anything that the candidate does outside this socket: that is the jail's job.
"""

from course.grading.boundary.ends.candidate import AroundCall, serve
from course.grading.boundary.ends.examiner import CandidateClient
from course.grading.boundary.ends.outcome import CellOutcome
from course.grading.boundary.ends.references import Reference
from course.grading.boundary.ends.studenterror import StudentError
from course.grading.boundary.transport.wire import (
    CandidateDied,
    CandidateEnded,
    CandidateHung,
    WireLimits,
    WireViolation,
)

__all__ = [
    "AroundCall",
    "CandidateClient",
    "CandidateDied",
    "CandidateEnded",
    "CandidateHung",
    "CellOutcome",
    "Reference",
    "StudentError",
    "WireLimits",
    "WireViolation",
    "serve",
]
