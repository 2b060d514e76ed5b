"""The numbers of the system calls that the jail's filter speaks of, on x86_64 and aarch64."""

from functools import cache

from course.grading.jail import kernel

MACHINES = ("x86_64", "aarch64")

# name, number on x86_64, number on aarch64; - where a machine has no such call
_NUMBERS = """
# mounts and namespaces
mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, mount_setattr 442 442, move_mount 429 429,
open_tree 428 428, open_tree_attr 467 467, fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433,
unshare 272 97, setns 308 268, clone 56 220, clone3 435 435,
# other processes
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440,
process_mrelease 448 448, kcmp 312 272, pidfd_getfd 438 438, pidfd_send_signal 424 424, kill 62 129, tkill 200 130,
tgkill 234 131, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240, prlimit64 302 261, setpriority 141 140,
ioprio_set 251 30, sched_setaffinity 203 122, sched_setscheduler 144 119, sched_setparam 142 118,
sched_setattr 314 274, setsid 112 157, migrate_pages 256 238, move_pages 279 239,
# the kernel itself
keyctl 250 219, add_key 248 217, request_key 249 218, bpf 321 280, userfaultfd 323 282, perf_event_open 298 241,
io_setup 206 0, io_destroy 207 1, io_submit 209 2, io_cancel 210 3, io_getevents 208 4, io_pgetevents 333 292,
landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446, sync 162 81, syncfs 306 267,
kexec_load 246 104, kexec_file_load 320 294, init_module 175 105, finit_module 313 273, delete_module 176 106,
reboot 169 142, swapon 167 224, swapoff 168 225, acct 163 89, quotactl 179 60, quotactl_fd 443 443,
settimeofday 164 170, clock_settime 227 112, adjtimex 159 171, clock_adjtime 305 266, sethostname 170 161,
setdomainname 171 162, iopl 172 -, ioperm 173 -, modify_ldt 154 -, syslog 103 116, vhangup 153 58,
nfsservctl 180 42, lookup_dcookie 212 18, personality 135 92, io_uring_setup 425 425, io_uring_enter 426 426,
io_uring_register 427 427, prctl 157 167, ioctl 16 29, fcntl 72 25,
# files by handle, devices, file attributes
open_by_handle_at 304 265, name_to_handle_at 303 264, fanotify_init 300 262,
inotify_add_watch 254 27, mknod 133 -, mknodat 259 33, open 2 -,
creat 85 -, openat 257 56, openat2 437 437, truncate 76 45, chmod 90 -, fchmod 91 52, fchmodat 268 53,
fchmodat2 452 452, chown 92 -, lchown 94 -, fchown 93 55, fchownat 260 54, utime 132 -, utimes 235 -,
futimesat 261 -, utimensat 280 88, setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, setxattrat 463 463,
removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16, removexattrat 466 466, file_setattr 469 469,
# memory that no process is charged for, sockets
shmat 30 196, shmctl 31 195, semop 65 193, semtimedop 220 192, semctl 66 191, msgsnd 69 189, msgrcv 70 188,
msgctl 71 187,
memfd_create 319 279, memfd_secret 447 447, shmget 29 194, semget 64 190, msgget 68 186, mq_open 240 180,
mq_unlink 241 181, vmsplice 278 75, splice 275 76, tee 276 77, close_range 436 436,
mmap 9 222, socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, listen 50 201, setsockopt 54 208,
"""


def names() -> frozenset[str]:
    """Every system call in the table, on whatever machine it exists."""
    return frozenset(entry[0] for entry in _entries())


NEWEST = 469  # file_setattr: what later kernels add has a higher number, the same on every machine


@cache
def numbers() -> dict[str, int]:
    """System call numbers by name on this machine; empty on one that the filter does not know."""
    if kernel.machine() not in MACHINES:
        return {}
    column = 1 + MACHINES.index(kernel.machine())
    return {entry[0]: int(entry[column]) for entry in _entries() if entry[column] != "-"}


def _entries() -> list[list[str]]:
    rows = [line for line in _NUMBERS.splitlines() if line and not line.startswith("#")]
    return [entry.split() for row in rows for entry in row.strip(", ").split(", ")]
