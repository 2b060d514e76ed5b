"""Ways out of the jail, as code that ends without an exception when it has got out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """One attack, the sentence of the jail's docstring that it tests, and where it would succeed.

    That is without a jail, by whom; and in a jail with GPUs, whose drivers need what the filter else refuses. What only
    root can prepare succeeds only where the tests run as root.
    """

    promise: str
    name: str
    code: str
    succeeds_for: tuple[str, ...] = ("root", "ordinary")
    succeeds_with_gpu: bool = False
    prepared_by_root: bool = False


READ = "Only files of the system's programs, the Python environment and the working folder can be read."
WRITE = "No file outside the working folder can be written, created or removed, nor its mode, owner or times changed."
SOCKETS = "Nothing can be reached through a network or a socket of this machine."
PROCESSES = "No process outside can be inspected, signalled or changed."
RIGHTS = "No privilege can be gained: no user, capability, setuid program, namespace, mount or root folder."
KERNEL = "The kernel answers only everyday calls: no keys, tracing, handles, clocks, settings, devices or terminals."
MEMORY = "No memory is hidden from polling, except the capped folders of the namespaces and small buffers."

# On a localhost of the jail's own, where nobody listens, the second one is refused.
_HEARD = "udp.connect(('127.0.0.1', datagram_port))\nudp.send(b'x')\nudp.send(b'x')"
_ESCAPE_LINK = "os.symlink(folder, 'link')\n"
ATTEMPTS = (
    Attempt(READ, "read the source notebook", "assert mark in open(folder + '/source/ps1/ps1.ipynb').read()"),
    Attempt(
        READ,
        "read the gradebook",
        "import sqlite3\nassert sqlite3.connect('file:' + folder + '/gradebook.db?mode=ro', uri=True)"
        ".execute('select * from grade').fetchall()",
    ),
    Attempt(READ, "read another submission", "assert mark in open(folder + '/submitted/alice/ps1/ps1.ipynb').read()"),
    Attempt(READ, "read a private key", "assert mark in open(folder + '/home/.ssh/id_ed25519').read()"),
    Attempt(READ, "read the course secret", "assert mark in open(folder + '/.course_secret').read()"),
    Attempt(READ, "list the course folder", "assert 'source' in os.listdir(folder)"),
    Attempt(READ, "read the password hashes", "open('/etc/shadow').read()", succeeds_for=("root",)),
    Attempt(READ, "read through a symbolic link", _ESCAPE_LINK + "open('link/.course_secret').read()", succeeds_for=()),
    Attempt(
        READ,
        "read through a hard link",
        "os.link(folder + '/.course_secret', 'hard')\nopen('hard').read()",
        succeeds_for=(),
    ),
    Attempt(READ, "walk up with ..", "open('../' * 9 + folder + '/.course_secret').read()"),
    Attempt(READ, "read through /proc/self/root", "open('/proc/self/root' + folder + '/.course_secret').read()"),
    Attempt(
        READ,
        "read through /proc/1/root",
        "open('/proc/1/root' + folder + '/.course_secret').read()",
        succeeds_for=(),
    ),
    Attempt(
        READ,
        "read with a program",
        "import subprocess\nsubprocess.run(['cat', folder + '/.course_secret'], check=True)",
    ),
    Attempt(READ, "move into the course folder", "os.chdir(folder)\nopen('.course_secret').read()"),
    Attempt(READ, "list the services' folder", "assert os.listdir('/run') + os.listdir('/var')"),
    Attempt(READ, "read others' shared memory", "assert mark in open(shared).read()"),
    Attempt(
        READ,
        "watch what happens in the course folder",
        "libc = kernel._libc()\nassert libc.inotify_add_watch(libc.inotify_init(), os.fsencode(folder), 0x100) >= 0, OSError",
    ),
    Attempt(READ, "open the root folder", "os.listdir(os.open('/', os.O_RDONLY))\nos.stat(folder)"),
    Attempt(READ, "find the course in the list of mounts", "assert folder in open('/proc/self/mountinfo').read()", ()),
    Attempt(READ, "find the course in the list of sockets", "assert folder in open('/proc/net/unix').read()"),
    Attempt(
        READ,
        "list what others keep beside the course",
        "assert os.path.basename(folder) in os.listdir(os.path.dirname(folder))",
    ),
    Attempt(WRITE, "change the gradebook", "open(folder + '/gradebook.db', 'ab').close()"),
    Attempt(WRITE, "empty the gradebook", "os.truncate(folder + '/home/.ssh/id_ed25519', 17)"),
    Attempt(
        WRITE, "remove a submission", "open(folder + '/submitted/x', 'w').close()\nos.unlink(folder + '/submitted/x')"
    ),
    Attempt(
        WRITE,
        "rename the source folder",
        "os.rename(folder + '/source', folder + '/sourcf')\nos.rename(folder + '/sourcf', folder + '/source')",
    ),
    Attempt(
        WRITE,
        "make a file in /var/tmp",
        "open('/var/tmp/' + os.path.basename(folder), 'w').close()\nos.unlink('/var/tmp/' + os.path.basename(folder))",
    ),
    Attempt(
        WRITE,
        "make a folder in /dev/shm that stays",
        "os.mkdir(shared + '-left')\nassert not os.path.exists(shared)\nassert 0",
        succeeds_for=(),
    ),
    Attempt(
        WRITE, "change the Python environment", "open(python + '/pyvenv.cfg', 'a').close()", succeeds_for=("root",)
    ),
    Attempt(
        WRITE,
        "add a module to the environment",
        "import json\nopen(os.path.dirname(json.__file__) + '/planted.py', 'x')",
        succeeds_for=(),
    ),
    Attempt(
        WRITE,
        "open for reading and truncate",
        "os.open(folder + '/submitted/alice/ps1/ps1.ipynb', os.O_RDONLY | os.O_TRUNC)",
        succeeds_for=(),
    ),
    Attempt(
        WRITE,
        "open up a file",
        "os.chmod(folder + '/.course_secret', 0o601)\nassert os.stat(folder + '/.course_secret').st_mode & 1",
    ),
    Attempt(
        WRITE,
        "open up a file by descriptor",
        "fd = os.open(folder, os.O_PATH)\nos.chmod('.course_secret', 0o610, dir_fd=fd)\n"
        "assert os.stat(folder + '/.course_secret').st_mode & 0o10",
    ),
    Attempt(
        WRITE,
        "change a file's times",
        "os.utime(folder + '/.course_secret', (1, 1))\nassert os.stat(folder + '/.course_secret').st_mtime == 1",
    ),
    Attempt(WRITE, "label a file", "os.setxattr(folder + '/.course_secret', 'user.x', b'y')"),
    Attempt(
        WRITE,
        "plant a link in the course",
        "os.symlink('x', folder + '/planted')\nos.unlink(folder + '/planted')",
    ),
    Attempt(WRITE, "plant a pipe in the course", "os.mkfifo(folder + '/planted')\nos.unlink(folder + '/planted')"),
    Attempt(
        WRITE,
        "plant a socket in the course",
        "import socket\nsocket.socket(1).bind(folder + '/planted')\nos.unlink(folder + '/planted')",
    ),
    Attempt(
        WRITE,
        "make a file of the course larger",
        "os.posix_fallocate(os.open(folder + '/gradebook.db', os.O_WRONLY), 0, 1 << 16)",
    ),
    Attempt(SOCKETS, "connect by TCP", "import socket\nsocket.create_connection(('127.0.0.1', port), 2)"),
    Attempt(SOCKETS, "send by UDP", f"import socket\nudp = socket.socket(2, 2)\n{_HEARD}"),
    Attempt(SOCKETS, "connect to an abstract socket", "import socket\nsocket.socket(1).connect(abstract)"),
    Attempt(SOCKETS, "connect to a named socket", "import socket\nsocket.socket(1).connect(folder + '/service.sock')"),
    Attempt(
        SOCKETS,
        "send a datagram from a socket pair",
        "import socket\nsocket.socketpair(1, 2)[0].sendto(b'x', folder + '/log.sock')",
    ),
    Attempt(SOCKETS, "talk to the virtual machine's host", "import socket\nsocket.socket(40, 1)", succeeds_for=()),
    Attempt(SOCKETS, "listen to the kernel", "import socket\nsocket.socket(16, 3, 0)"),
    Attempt(SOCKETS, "open a raw packet socket", "import socket\nsocket.socket(17, 3, 0)", succeeds_for=("root",)),
    Attempt(SOCKETS, "use the kernel's ciphers", "import socket\nsocket.socket(38, 5)", succeeds_for=()),
    Attempt(SOCKETS, "look a name up", "import socket\nsocket.getaddrinfo('example.com', 80)", succeeds_for=()),
    Attempt(
        SOCKETS,
        "connect by sending at once",
        "import socket\nsocket.socket(2, 1).sendto(b'x', 0x20000000, ('127.0.0.1', port))",
        succeeds_for=(),
    ),
    Attempt(
        SOCKETS,
        "connect by several paths",
        "import socket\nsocket.socket(2, 1, 262).connect(('127.0.0.1', port))",
        succeeds_for=(),
    ),
    Attempt(
        SOCKETS,
        "send by the lighter kind of UDP",
        f"import socket\nudp = socket.socket(2, 2, 136)\n{_HEARD}",
        succeeds_for=(),
    ),
    Attempt(
        SOCKETS,
        "connect by an address of the other kind",
        "import socket\nsocket.socket(10, 1).connect(('::ffff:127.0.0.1', port))",
        succeeds_for=(),
    ),
    Attempt(
        SOCKETS,
        "send a message with its address",
        "import socket\nsocket.socket(1, 2).sendmsg([b'x'], [], 0, folder + '/log.sock')",
    ),
    Attempt(PROCESSES, "signal a process", "os.kill(victim, 0)"),
    Attempt(PROCESSES, "signal the reaper", "assert reaper\nos.kill(reaper, 0)"),
    Attempt(
        PROCESSES,
        "signal by process file descriptor",
        "import signal\nsignal.pidfd_send_signal(os.pidfd_open(victim), 0)",
    ),
    Attempt(
        PROCESSES,
        "signal through a file's owner",
        "import fcntl\nr, w = os.pipe()\nfcntl.fcntl(r, 8, victim)\nassert fcntl.fcntl(r, 9) == victim",
    ),
    Attempt(
        PROCESSES,
        "trace a process",
        "kernel.call('ptrace', 0x4206, victim, None, None)\nkernel.call('ptrace', 17, victim, None, None)",
        succeeds_for=(),
    ),
    Attempt(PROCESSES, "trace the reaper", "kernel.call('ptrace', 0x4206, reaper or 1, None, None)", succeeds_for=()),
    Attempt(
        PROCESSES,
        "read a process's memory by call",
        "kernel.syscall('read', number['process_vm_readv'], victim, None, 0, None, 0, 0)",
    ),
    Attempt(PROCESSES, "read a process's environment", "assert mark in open(f'/proc/{victim}/environ').read()"),
    Attempt(PROCESSES, "read the reaper's environment", "open(f'/proc/{reaper}/environ').read()"),
    Attempt(PROCESSES, "open a process's memory", "open(f'/proc/{victim}/mem', 'rb')"),
    Attempt(PROCESSES, "list a process's files", "os.listdir(f'/proc/{victim}/fd')"),
    Attempt(PROCESSES, "go through a process's root", "os.listdir(f'/proc/{victim}/root/')"),
    Attempt(PROCESSES, "go through the reaper's folder", "os.listdir(f'/proc/{reaper or victim}/cwd/')"),
    Attempt(
        PROCESSES,
        "take an open file from a process",
        "kernel.syscall('getfd', number['pidfd_getfd'], os.pidfd_open(victim), 0, 0)",
    ),
    Attempt(
        PROCESSES,
        "queue a signal with data",
        "import struct\nkernel.syscall('queue', number['rt_sigqueueinfo'], victim, 0, struct.pack('3i', 0, 0, -1) + bytes(116))",
    ),
    Attempt(
        PROCESSES,
        "put a process in another class",
        "os.sched_setscheduler(victim, os.SCHED_BATCH, os.sched_param(0))",
    ),
    Attempt(PROCESSES, "limit a process", "import resource\nresource.prlimit(victim, resource.RLIMIT_CORE)"),
    Attempt(PROCESSES, "slow a process down", "os.setpriority(os.PRIO_PROCESS, victim, 19)"),
    Attempt(PROCESSES, "bind a process to a core", "os.sched_setaffinity(victim, os.sched_getaffinity(victim))"),
    Attempt(
        PROCESSES,
        "attach to shared memory",
        "import ctypes\nat = kernel._libc().shmat\nat.restype = ctypes.c_void_p\n"
        "assert at(segment, None, 0o10000) != 2**64 - 1",
    ),
    Attempt(PROCESSES, "read a process's command", "assert '600' in open(f'/proc/{victim}/cmdline').read()"),
    Attempt(PROCESSES, "read a process's map", "assert open(f'/proc/{victim}/maps').read()"),
    Attempt(PROCESSES, "read how a process spends its memory", "assert open(f'/proc/{victim}/smaps').read()"),
    Attempt(PROCESSES, "read where a process is", "assert os.readlink(f'/proc/{victim}/cwd')"),
    Attempt(PROCESSES, "find a process in the list", "assert str(victim) in os.listdir('/proc')"),
    Attempt(
        PROCESSES,
        "compare what it holds with a process",
        "kernel.syscall('kcmp', number['kcmp'], os.getpid(), victim, 0, 0, 0)",
        succeeds_for=(),
    ),
    Attempt(
        PROCESSES,
        "move a process's memory",
        "kernel.syscall('move', number['move_pages'], victim, 0, None, None, None, 0)",
        succeeds_for=(),
    ),
    Attempt(
        PROCESSES,
        "take a process's memory away",
        "kernel.syscall('release', number['process_mrelease'], os.pidfd_open(victim), 0)",
        succeeds_for=(),
    ),
    Attempt(RIGHTS, "become root", "os.setresuid(0, 0, 0)", succeeds_for=("root",)),
    Attempt(RIGHTS, "join root's group", "os.setgroups([0])", succeeds_for=("root",)),
    Attempt(RIGHTS, "take capabilities back", "kernel.set_capabilities(1 << 21)", succeeds_for=("root",)),
    Attempt(RIGHTS, "make a user namespace", "kernel.call('unshare', 0x10000000)"),
    Attempt(
        RIGHTS,
        "clone into a user namespace",
        "assert kernel.syscall('clone', number['clone'], 0x10000000 | 17, None, None, None, None) >= 0",
        succeeds_for=(),
    ),
    Attempt(
        RIGHTS,
        "clone by the newer call",
        "import errno\ntry: kernel.syscall('clone3', number['clone3'], None, 0)\n"
        "except OSError as e: assert e.errno != errno.ENOSYS",
    ),
    Attempt(
        RIGHTS,
        "enter another namespace",
        "kernel.call('setns', os.open('/proc/self/ns/net', 0), 0)",
        succeeds_for=("root",),
    ),
    Attempt(RIGHTS, "change the root folder", "os.chroot('/usr')", succeeds_for=("root",)),
    Attempt(
        RIGHTS,
        "mount over the working folder",
        "kernel.call('mount', b'tmpfs', b'.', b'tmpfs', 0, None)",
        succeeds_for=(),
    ),
    Attempt(RIGHTS, "mount a fresh /proc", "kernel.call('mount', b'proc', b'/tmp', b'proc', 0, None)", succeeds_for=()),
    Attempt(
        RIGHTS,
        "remount the tree writable",
        "kernel.call('mount', None, b'/', None, 0x20 | 0x1000, None)",
        succeeds_for=(),
    ),
    Attempt(
        RIGHTS,
        "make the tree writable by the newer call",
        "import ctypes, struct\nkernel.syscall('set', 442, -100, b'/', 0, struct.pack('QQQQ', 0, 1, 0, 0), 32)",
        succeeds_for=("root",),
    ),
    Attempt(RIGHTS, "unmount the cover of /tmp", "kernel.call('umount2', b'/tmp', 2)", succeeds_for=()),
    Attempt(RIGHTS, "unmount the cover of /dev/shm", "kernel.call('umount2', b'/dev/shm', 2)", succeeds_for=()),
    Attempt(RIGHTS, "copy a tree of mounts", "kernel.syscall('open_tree', 428, -100, b'/', 1)", succeeds_for=("root",)),
    Attempt(RIGHTS, "swap roots", "kernel.pivot_root()", succeeds_for=()),
    Attempt(
        RIGHTS,
        "run a setuid program",
        "import subprocess\nassert subprocess.check_output([folder + '/setuid-id', '-u']) == b'0\\n'",
        prepared_by_root=True,
    ),
    Attempt(
        RIGHTS,
        "call by x86's second set of numbers",
        "kernel.syscall('mount', 0x40000000 + number['mount'], None, None, None, 0, None)",
        succeeds_for=(),
    ),
    Attempt(KERNEL, "join a keyring", "kernel.syscall('keyctl', number['keyctl'], 1, None)"),
    Attempt(
        KERNEL, "add a key", "kernel.syscall('add_key', number['add_key'], b'user', b'clozegrad-test', b'x', 1, -2)"
    ),
    Attempt(KERNEL, "load a kernel program", "kernel.syscall('bpf', number['bpf'], 0, bytes(16) , 0)", succeeds_for=()),
    Attempt(KERNEL, "take page faults over", "kernel.syscall('userfaultfd', number['userfaultfd'], 1)"),
    Attempt(
        KERNEL,
        "count events",
        "kernel.syscall('perf', number['perf_event_open'], bytes(128), 0, -1, -1, 0)",
        succeeds_for=(),
    ),
    Attempt(
        KERNEL,
        "queue calls past the filter",
        "kernel.syscall('uring', number['io_uring_setup'], 4, bytes(120))",
        succeeds_for=(),
    ),
    Attempt(
        KERNEL,
        "open a file by handle",
        "kernel.syscall('handle', number['open_by_handle_at'], -100, bytes(16), 0)",
        succeeds_for=(),
    ),
    Attempt(KERNEL, "set the clock", "import time\ntime.clock_settime(0, time.clock_gettime(0))", succeeds_for=()),
    Attempt(
        KERNEL,
        "read the kernel's log",
        "kernel.syscall('syslog', number['syslog'], 10, None, 0)",
        succeeds_for=("root",),
    ),
    Attempt(
        KERNEL,
        "read what the kernel keeps for root",
        "kept = [n for n in ('timer_list', 'slabinfo', 'vmallocinfo', 'pagetypeinfo') if os.path.exists('/proc/' + n)]\n"
        "if not any(open('/proc/' + n).read(1) for n in kept): raise OSError('none')",
        succeeds_for=("root",),
    ),
    Attempt(
        KERNEL,
        "read the kernel's addresses",
        "assert any(int(line.split()[0], 16) for line in open('/proc/kallsyms'))",
        succeeds_for=(),
    ),
    Attempt(KERNEL, "list everybody's keys", "assert open('/proc/keys').read()", succeeds_for=()),
    Attempt(
        KERNEL,
        "make a handle of a file",
        "kernel.syscall('handle', number['name_to_handle_at'], -100, b'/', bytes(136), bytes(4), 0)",
        succeeds_for=(),
    ),
    Attempt(
        KERNEL, "rename the machine", "import socket\nsocket.sethostname(socket.gethostname())", succeeds_for=("root",)
    ),
    Attempt(KERNEL, "switch address randomising off", "assert kernel.call('personality', 0x0040000) >= 0"),
    Attempt(KERNEL, "set where core files go", "open('/proc/sys/kernel/core_pattern', 'a')", succeeds_for=("root",)),
    Attempt(KERNEL, "press a system key", "open('/proc/sysrq-trigger', 'w')", succeeds_for=()),
    Attempt(
        KERNEL,
        "be the last to be killed",
        "open('/proc/self/oom_score_adj', 'w').write('-900')",
        succeeds_for=("root",),
    ),
    Attempt(
        KERNEL, "write to /sys", "open('/sys/kernel/mm/transparent_hugepage/enabled', 'a')", succeeds_for=("root",)
    ),
    Attempt(
        KERNEL,
        "have everybody's disks written to",
        "import ctypes\nif not kernel._libc().syncfs(-1): raise OSError('nothing done')",
    ),
    Attempt(KERNEL, "read the disk", "open('/dev/vda', 'rb')", succeeds_for=()),
    Attempt(KERNEL, "read physical memory", "open('/dev/mem', 'rb')", succeeds_for=()),
    Attempt(
        KERNEL,
        "make a device",
        "import stat\nos.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))",
        succeeds_for=(),
    ),
    Attempt(KERNEL, "open the terminal", "os.open('/dev/tty', os.O_RDWR)", succeeds_for=()),
    Attempt(KERNEL, "make a terminal", "os.openpty()"),
    Attempt(KERNEL, "type into a terminal", "import fcntl\nfcntl.ioctl(0, 0x5412, b'x')", succeeds_for=()),
    Attempt(MEMORY, "hold memory in a nameless file", "os.memfd_create('x')", succeeds_with_gpu=True),
    Attempt(MEMORY, "share memory without a file", "import mmap\nmmap.mmap(-1, 4096)", succeeds_with_gpu=True),
    Attempt(MEMORY, "share memory through /dev/zero", "import mmap\nmmap.mmap(os.open('/dev/zero', 2), 4096)"),
    Attempt(
        MEMORY, "make a System V segment", "kernel._libc().shmctl(kernel.call('shmget', 0, 4096, 0o1600), 0, None)"
    ),
    Attempt(
        MEMORY,
        "make a message queue",
        "kernel.syscall('mq', number['mq_open'], b'clozegrad', 0o302, 0o600, None)",
        succeeds_for=(),
    ),
    Attempt(
        MEMORY,
        "fill sockets with large buffers",
        "import socket\nheld, pairs = 0, []\nfor _ in range(20):\n    pairs.append(socket.socketpair())\n    for s in pairs[-1]:\n"
        "        s.setblocking(False)\n        s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)\n        try:\n"
        "            while held < 64 << 20: held += s.send(bytes(1 << 16))\n        except BlockingIOError: pass\n"
        "if held < 64 << 20: raise OSError(held)",
        succeeds_for=(),
        succeeds_with_gpu=True,
    ),
    Attempt(
        MEMORY, "make pipes large", "import fcntl\nfcntl.fcntl(os.pipe()[0], 1031, 1 << 20)", succeeds_with_gpu=True
    ),
    Attempt(
        MEMORY,
        "map huge pages",
        "import errno, mmap\ntry: mmap.mmap(-1, 1 << 21, flags=0x40022)\n"
        "except OSError as e:\n    if e.errno == errno.EPERM: raise",
        succeeds_with_gpu=True,
    ),
    Attempt(
        MEMORY,
        "map more addresses than their tables could be paid for",
        "import mmap\nmmap.mmap(-1, 5 << 40, flags=0x4022, prot=mmap.PROT_READ)",
    ),
    Attempt(
        MEMORY,
        "hide the list of its open files",
        "kernel.prctl(4, 0)\nif kernel.call('prctl', 3, 0, 0, 0, 0): raise OSError('still there')",
    ),
    Attempt(
        MEMORY,
        "hold pages in a pipe alone",
        "import struct\nr, w = os.pipe()\npage = bytes(4096)\n"
        "kernel.syscall('vmsplice', number['vmsplice'], w, struct.pack('QQ', id(page) + 32, 1), 1, 0)",
    ),
    Attempt(
        MEMORY,
        "give pages of a file to a pipe",
        "import tempfile\nwith tempfile.TemporaryFile(buffering=0) as file:\n    file.write(b'x')\n"
        "    os.splice(file.fileno(), os.pipe()[1], 1, offset_src=0)",
    ),
    Attempt(
        MEMORY,
        "lock as many parts of a file",
        "import fcntl, tempfile\nfile = tempfile.TemporaryFile()\nfd = file.fileno()\nfcntl.lockf(fd, fcntl.LOCK_EX, 1, 2)\n"
        "if os.fork() == 0:\n    try: fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 2)\n    except OSError: os._exit(7)\n"
        "    os._exit(0)\nstatus = os.waitstatus_to_exitcode(os.wait()[1])\nif not status: raise OSError('no lock')",
    ),
    Attempt(
        MEMORY,
        "watch a folder of one's own",
        "libc = kernel._libc()\nassert libc.inotify_add_watch(libc.inotify_init(), b'.', 0x100) >= 0, OSError",
    ),
    Attempt(
        MEMORY,
        "make rules without number",
        "rules = kernel.syscall('rules', 444, bytes([1]) + bytes(7), 8, 0)\nassert rules >= 0",
    ),
    Attempt(MEMORY, "queue reads and writes", "kernel.syscall('io_setup', number['io_setup'], 1, bytes(8))"),
    Attempt(
        MEMORY,
        "give a thread open files of its own",
        "kernel.syscall('close_range', number['close_range'], 200, 200, 2)",
    ),
    Attempt(
        MEMORY,
        "start a thread with open files of its own",
        "import errno\ntry: kernel.syscall('clone', number['clone'], 0x10000, None, None, None, None)\n"
        "except OSError as e:\n    if e.errno == errno.EPERM: raise",
    ),
    Attempt(
        MEMORY,
        "send pages without a copy",
        "import socket\nsocket.socket(2, 1).setsockopt(socket.SOL_SOCKET, 60, 1)",
    ),
    Attempt(MEMORY, "make secret memory", "kernel.syscall('secret', number['memfd_secret'], 0)", succeeds_for=()),
)
