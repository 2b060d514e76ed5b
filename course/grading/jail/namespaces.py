"""The highest isolation level: user, mount, PID, network, IPC and UTS namespaces around a root of what is needed.

Protects against: reading or changing any file outside the Python environment and the system's programs, seeing or
signalling other processes, any network but its own `localhost`, abstract sockets and shared memory of others, anything
left behind.
Does not protect against: flaws in the kernel, and use of the processor's caches or of a kept GPU by two jails at once.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.grading.jail import kernel, view
from course.grading.jail.privileges import JailLimits

WORK = Path("/tmp/work")
HOST_NAME = "jail"
_OF_OTHERS = ("key-users", "keys", "kallsyms", "locks")  # in /proc, of every user of the machine
_NEW_USER = 0x1000_0000
_NEW_REST = 0x0002_0000 | 0x0400_0000 | 0x0800_0000 | 0x2000_0000 | 0x4000_0000  # mount, UTS, IPC, PID, network
_NEW_CGROUP = 0x0200_0000
_PRIVATE, _NOSUID, _NODEV, _NOEXEC = 0x4000 | 0x40000, 0x2, 0x4, 0x8
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 0x1, 0x2, 0x4
_RECURSIVE, _EMPTY_PATH, _CLONE = 0x8000, 0x1000, 0x1
_STAGE = "/tmp"  # any folder that exists: the new root is mounted over it, in this namespace alone
_SMALL_BUFFERS = {"tcp_rmem": "4096 32768 32768", "tcp_wmem": "4096 16384 32768"}  # of each socket, at most
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1
_DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")  # not zero: shared maps of it are free memory


@dataclass(frozen=True)
class Root:
    """What the new root holds: read-only trees by path, device nodes, files for the working folder, sizes."""

    trees: Mapping[Path, Path | None]  # None: an empty folder or file in place of what lies there
    devices: tuple[Path, ...]
    files: Mapping[str, bytes | Path]
    limits: JailLimits


def separate() -> None:
    """Give this process new namespaces, the next fork being the first process of the PID one; OSError if refused."""
    if os.geteuid() == 0 and _as_root():
        return
    uid, gid = os.geteuid(), os.getegid()
    kernel.call("unshare", _NEW_USER | _NEW_REST, what="new namespaces")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid or 1000} {uid} 1")
    _write("/proc/self/gid_map", f"{gid or 1000} {gid} 1")


def _as_root() -> bool:
    """Root needs no user namespace to make the others, and can still become a user that owns nothing."""
    try:
        kernel.call("unshare", _NEW_REST, what="new namespaces")
    except PermissionError:
        return False
    return True


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def settle(root: Root, owner: int) -> None:
    """As the first process of the namespaces, swap the root for `root` and stand in the empty working folder."""
    os.umask(0o022)
    kernel.call("mount", None, b"/", None, _PRIVATE, None, what="private /")
    trees = {path: _detached(source) for path, source in root.trees.items() if source is not None}
    devices = {
        path: _detached(path, device=True) for path in (*map(Path, _DEVICES), *root.devices) if os.path.exists(path)
    }
    files = {name: _detached(source) for name, source in root.files.items() if isinstance(source, Path)}

    _tmpfs(_STAGE, "mode=755,size=16m,nr_inodes=10000")
    os.chdir(_STAGE)
    _folders(root.limits)
    for path in root.trees:  # shorter paths first, so that a longer one lies on top
        _place(path, trees.get(path))
    for path, fd in devices.items():
        _attach(fd, path, is_folder=_is_folder(fd))
    _write_settings(owner)
    _mount_proc()
    _open_localhost()
    if root.devices:
        _open_own_threads()
    kernel.pivot_root()
    _fill(root.files, files, owner)
    socket.sethostname(HOST_NAME)
    for mounted in (Path("/"), Path("/proc"), *(path for path, source in root.trees.items() if source is None)):
        if os.path.ismount(mounted):
            _set_attributes(-100, os.fsencode(mounted), _ATTR_RDONLY, 0)
    os.chdir(WORK)


def _folders(limits: JailLimits) -> None:
    for name in ("tmp", "dev/shm", "proc", "etc", "sys"):
        os.makedirs(name, exist_ok=True)
    _tmpfs("tmp", f"mode=1777,size={limits.disk_mb}m,nr_inodes={limits.files}")
    _tmpfs("dev/shm", f"mode=1777,size={limits.shm_mb}m,nr_inodes={limits.files}")
    os.mkdir("tmp/work")
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"dev/{name}")
    for link in view.links():
        os.symlink(os.readlink(link), _inside(link))


def _place(path: Path, tree: int | None) -> None:
    if tree is not None:
        _attach(tree, path, is_folder=_is_folder(tree))
        return
    target = _inside(path)
    if target.is_dir():
        _tmpfs(str(target), "mode=755,size=1m,nr_inodes=1000")
    elif target.exists():
        _attach(_detached(Path(os.devnull), device=True), path, is_folder=False)


def _attach(fd: int, path: Path, *, is_folder: bool) -> None:
    target = _inside(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        target.mkdir() if is_folder else target.touch()
    kernel.syscall(f"move_mount {path}", kernel.SYS_MOVE_MOUNT, fd, b"", -100, os.fsencode(target), 0x4)
    os.close(fd)


def _detached(path: Path, *, device: bool = False) -> int:
    """A read-only copy of the tree at `path`, as a mount that is not yet anywhere."""
    what = f"open_tree {path}"
    fd = kernel.syscall(what, kernel.SYS_OPEN_TREE, -100, os.fsencode(path), _CLONE | os.O_CLOEXEC | _RECURSIVE)
    attributes = _ATTR_NOSUID if device else _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV
    _set_attributes(fd, b"", attributes, _EMPTY_PATH | _RECURSIVE)
    return fd


def _set_attributes(folder: int, path: bytes, attributes: int, flags: int) -> None:
    wanted = ctypes.create_string_buffer(struct.pack("QQQQ", attributes, 0, 0, 0), 32)
    kernel.syscall("mount_setattr", kernel.SYS_MOUNT_SETATTR, folder, path, flags, wanted, ctypes.c_size_t(32))


def _tmpfs(where: str, options: str) -> None:
    kernel.call("mount", b"tmpfs", where.encode(), b"tmpfs", _NOSUID | _NODEV, options.encode(), what=f"tmpfs {where}")


def _mount_proc() -> None:
    """A /proc of these namespaces; where another sandbox forbids that, copies of the few files that libraries read."""
    try:
        kernel.call("mount", b"proc", b"proc", b"proc", _NOSUID | _NODEV | _NOEXEC, None, what="proc")
    except PermissionError:
        for name in ("cpuinfo", "meminfo", "filesystems"):
            Path("proc", name).write_bytes(Path("/proc", name).read_bytes())
        return
    for name in os.listdir("proc"):  # what the kernel keeps for root, who in a container is also the student
        mode = os.stat(f"proc/{name}").st_mode
        if stat.S_ISREG(mode) and (name in _OF_OTHERS or not mode & stat.S_IROTH):
            _attach(_detached(Path(os.devnull), device=True), Path("/proc", name), is_folder=False)


def _open_localhost() -> None:
    """Let clients in the jail reach its servers, where what their sockets hold can be kept as small as others'."""
    with contextlib.suppress(OSError):
        for name, sizes in _SMALL_BUFFERS.items():
            Path("proc/sys/net/ipv4", name).write_text(sizes)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))


def _open_own_threads() -> None:
    """Leave the folder of this process's threads writable: a GPU's driver gives up where it cannot name its own."""
    threads = Path("/proc", str(os.getpid()), "task")
    if _inside(threads).is_dir():
        fd = kernel.syscall(
            "open_tree", kernel.SYS_OPEN_TREE, -100, os.fsencode(_inside(threads)), _CLONE | os.O_CLOEXEC
        )
        _attach(fd, threads, is_folder=True)


def _fill(files: Mapping[str, bytes | Path], trees: Mapping[str, int], owner: int) -> None:
    os.chown(WORK, owner, -1)
    for name, content in files.items():
        target = WORK / view.relative(name)
        for folder in reversed([folder for folder in target.parents if folder.is_relative_to(WORK)]):
            folder.mkdir(exist_ok=True)
            os.chown(folder, owner, -1)
        if isinstance(content, bytes):
            target.write_bytes(content)
            os.chown(target, owner, -1)
        else:
            _attach(trees[name], target, is_folder=_is_folder(trees[name]))


def _write_settings(owner: int) -> None:
    group = os.getegid() if owner == os.geteuid() else owner
    Path("etc/hosts").write_text(f"127.0.0.1 localhost {HOST_NAME}\n::1 localhost\n")
    Path("etc/passwd").write_text(f"student:x:{owner}:{group}::/tmp:/bin/sh\n")
    Path("etc/group").write_text(f"student:x:{group}:\n")


def _is_folder(fd: int) -> bool:
    return stat.S_ISDIR(os.fstat(fd).st_mode)


def _inside(path: Path) -> Path:
    """Where `path` of the new root lies while that root is the current folder."""
    return Path(str(path).lstrip("/"))
