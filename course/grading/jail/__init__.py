"""The jail around one submission: entered after the fork, before any of the student's code.

There are three isolation levels; `find_isolation` tells by trying which is the highest that works here.

`namespaces`  own users, processes, network and file tree; a filter on system calls; limits.
`landlock`    Landlock rules on files, a stricter filter, limits.
`plain`       a session of its own and limits (and another user, where root grades): a fence, no jail.

The upper two protect against the following, and each sentence is a test in tests/attacks:

- Only files of the system's programs, the Python environment and the working folder can be read.
- No file outside the working folder can be written, created or removed, nor its mode, owner or times changed.
- Nothing can be reached through a network or a socket of this machine.
- No process outside can be inspected, signalled or changed.
- No privilege can be gained: no user, capability, setuid program, namespace, mount or root folder.
- The kernel answers only everyday calls: no keys, tracing, handles, clocks, settings, devices or terminals.
- No memory is hidden from polling, except the capped folders of the namespaces and small buffers.
- Only named open files of the grader are passed in, and only a clean environment.
- Processes, CPU time, open files and file sizes are limited; in namespaces, so is the size of all files together.
- A jail that is pinned to its cores stays there, in one session, whatever it starts.
- Nothing is left behind when it ends: no process, no shared memory, no file.
- Where the machine's memory comes to its end, the kernel ends a jail's processes before all others.

They do not protect against these, and each sentence but the last is a test too:

- Memory is not limited from inside; `course.grading.system.tree` limits it by polling.
- Under `landlock` the disk can be filled, and the existence of files can be seen.
- Under `plain` everything that the grader may read can be read.
- The location of the Python environment can be seen, and with it the name of a course folder around it.
- Without namespaces, the processes of an ordinary user's jails are counted together, so one runs at a time.
- Where root lacks the right to administer (Docker's default), only polling counts processes in namespaces.
- With GPUs, kernel drivers are within reach and memory may hide from polling.
- With GPUs, a jail may rename its own threads and, under `landlock`, take any free socket name.
- A flaw in the kernel, or what can be learnt from timing.
"""

from course.grading.jail.entering import enter, settle_on
from course.grading.jail.environment import clean_environment
from course.grading.jail.isolation import Isolation, find_isolation, isolation_levels, look_ahead, require
from course.grading.jail.plan import JailPlan, plan_for
from course.grading.jail.privileges import JailLimits, counts_processes_together

__all__ = [
    "Isolation",
    "JailLimits",
    "JailPlan",
    "clean_environment",
    "counts_processes_together",
    "enter",
    "find_isolation",
    "isolation_levels",
    "look_ahead",
    "plan_for",
    "require",
    "settle_on",
]
