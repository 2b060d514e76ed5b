"""What jailed code may use, and what is left when it has ended: nothing, however it ended."""

import os
import re
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.grading.system import tree
from tests.attacks.prison import USERS, Prison

if not os.path.isdir("/proc/self"):
    pytest.skip("the jail needs Linux", allow_module_level=True)

UPPER = ("namespaces", "landlock")
DAEMON = """
import subprocess, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2): os.dup2(null, fd)
        os.execvp('sleep', ['sleep', marker])
    os._exit(0)
os.wait()
time.sleep(0.3)
"""


@pytest.fixture(scope="module", params=USERS)
def prison(request: pytest.FixtureRequest) -> Iterator[Prison]:
    if request.param != "ordinary" and os.geteuid() != 0:
        pytest.skip("these tests do not run as root")
    with Prison(str(request.param)) as prison:
        yield prison


@pytest.fixture
def marker() -> str:
    """An argument of ``sleep`` by which a process can be found from outside."""
    return f"600.{secrets.randbelow(10**9)}"


def running(marker: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            named = marker.encode() in (folder / "cmdline").read_bytes().split(b"\0")
            if named and "State:\tZ" not in (folder / "status").read_text():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_a_daemon_ends_with_the_jail(prison: Prison, isolation: str, marker: str) -> None:
    assert "ESCAPED" in prison.run(DAEMON, isolation, world={"marker": marker}).text
    assert not running(marker)


HEADLESS = """
import ctypes, threading, time
libc = ctypes.CDLL(None)
if os.fork() == 0:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2): os.dup2(null, fd)
    named = threading.Event()
    def go_on():
        libc.prctl(15, name.encode())
        named.set()
        time.sleep(0.2)
        held = bytearray(b"x") * (held_mb << 20)
        time.sleep(600)
    threading.Thread(target=go_on).start()
    named.wait()
    libc.syscall(number_of_exit, 0)
time.sleep(wait_s)
"""


def threads_named(name: str) -> list[Path]:
    """The running threads that call themselves so."""
    found = []
    for folder in Path("/proc").glob("[0-9]*/task/[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == name and "State:\tZ" not in (folder / "status").read_text():
                found.append(folder)
        except OSError:
            continue
    return found


def held_by(prison: Prison, code: str, isolation: str, at_least_mb: float, **more: object) -> bool:
    """Whether code in a jail is seen to hold that much, before it ends by itself."""
    running = threading.Thread(target=prison.run, args=(code, isolation), kwargs=more)
    running.start()

    def held_mb() -> float:
        return sum(tree.measure(jail).rss_mb for jail in tree.children(prison.process.pid))

    found = until(lambda: held_mb() > at_least_mb or not running.is_alive(), 40)
    found = found and running.is_alive()
    for jail in tree.children(prison.process.pid):
        tree.kill(jail)
    running.join()
    return found


def headless(held_mb: int, wait_s: float) -> dict[str, object]:
    number = 60 if os.uname().machine == "x86_64" else 93
    return {"name": f"on{secrets.randbelow(10**9)}", "number_of_exit": number, "held_mb": held_mb, "wait_s": wait_s}


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_a_process_whose_first_thread_has_ended_ends_with_the_jail(prison: Prison, isolation: str) -> None:
    world = headless(held_mb=0, wait_s=0.5)
    assert "ESCAPED" in prison.run(HEADLESS, isolation, world=world).text
    assert not threads_named(str(world["name"]))


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_a_process_whose_first_thread_has_ended_still_counts(prison: Prison, isolation: str) -> None:
    world = headless(held_mb=300, wait_s=60)
    assert held_by(prison, HEADLESS, isolation, at_least_mb=300, world=world)


_FILLED = """
def filled(sock):
    sock.setblocking(False)
    try:
        while sock.send(bytes(1 << 16)): pass
    except BlockingIOError: pass
"""
_LAST = "import time\ntime.sleep(60)"
HIDING = {
    "in sockets that wait to be accepted": (
        f"import socket{_FILLED}one = socket.socket(1)\none.bind('\\0one')\none.listen(4096)\n"
        "for _ in range(1200):\n    client = socket.socket(1)\n    client.connect('\\0one')\n    filled(client)\n"
        f"    client.close()\n{_LAST}",
        ("namespaces",),
    ),
    "in messages that wait to be read": (
        "import socket\nheld = [socket.socket(1, 2) for _ in range(120)]\nfor number, one in enumerate(held):\n"
        "    one.bind(f'\\0{number}')\n    for _ in range(10):\n        sender = socket.socket(1, 2)\n"
        f"        sender.sendto(bytes(200_000), f'\\0{{number}}')\n        sender.close()\n{_LAST}",
        ("namespaces",),
    ),
    "in what is waited for": (
        "import select\nfor _ in range(8):\n    if os.fork() == 0: break\nends = os.pipe()\n"
        "held = [select.epoll() for _ in range(200)]\n"
        f"for one in held:\n    for end in ends: one.register(end, 1)\n{_LAST}",
        UPPER,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "isolation"),
    [(code, isolation) for code, levels in HIDING.values() for isolation in levels],
    ids=[f"{name}, {isolation}" for name, (_, levels) in HIDING.items() for isolation in levels],
)
def test_what_the_kernel_keeps_for_a_jail_counts(prison: Prison, code: str, isolation: str) -> None:
    assert held_by(prison, code, isolation, at_least_mb=250)


def test_all_in_the_namespaces_die_with_the_fork_server_even_if_code_unties_itself(marker: str) -> None:
    forkserver = Prison("root" if os.geteuid() == 0 else "ordinary")
    code = "kernel.prctl(1, 0)\n" + DAEMON + "time.sleep(600)"
    waiting = threading.Thread(target=_run_until_killed, args=(forkserver, code, marker))
    waiting.start()
    assert until(lambda: bool(running(marker)))
    forkserver.process.kill()
    waiting.join(10)
    assert until(lambda: not running(marker))
    forkserver.close()


def _run_until_killed(forkserver: Prison, code: str, marker: str) -> None:
    with pytest.raises(ValueError):
        forkserver.run(code, "namespaces", world={"marker": marker})


@pytest.mark.parametrize("isolation", UPPER)
def test_a_fork_bomb_meets_the_limit_and_leaves_nothing(prison: Prison, isolation: str, marker: str) -> None:
    if prison.user == "container" and isolation == "namespaces":
        pytest.skip("the kernel does not count the processes of root")
    code = """
    made = 0
    try:
        while made < 200:
            if os.fork() == 0:
                os.execvp('sleep', ['sleep', marker])
            made += 1
    finally:
        print('made', made)
    """
    outcome = prison.run(_plain(code), isolation, world={"marker": marker}, limits={"processes": 20})
    assert "held: BlockingIOError" in outcome.text
    # Under Landlock the limit counts all that the user runs: what else it ran at the start and has ended leaves room.
    most = 20 if isolation == "namespaces" else 199
    assert 10 <= int(re.findall(r"made (\d+)", outcome.text)[0]) <= most
    assert not running(marker)


def test_a_fork_bomb_that_the_kernel_does_not_count_still_dies_with_the_jail(prison: Prison, marker: str) -> None:
    code = "for _ in range(60):\n    if os.fork() == 0: os.execvp('sleep', ['sleep', marker])\nos._exit(3)"
    assert prison.run(code, "namespaces", world={"marker": marker}).status == 3
    assert not running(marker)


@pytest.mark.parametrize("isolation", UPPER)
def test_a_file_cannot_grow_past_the_limit(prison: Prison, isolation: str) -> None:
    outcome = prison.run("open('big', 'wb').write(bytes(3 << 20))", isolation, limits={"file_mb": 2})
    assert "File too large" in outcome.text


def test_all_files_together_cannot_fill_the_disk(prison: Prison) -> None:
    code = "for n in range(20): open(f'{n}', 'wb').write(bytes(1 << 20))"
    assert "No space left" in prison.run(code, "namespaces", limits={"disk_mb": 8}).text
    shared = "for n in range(20): open(f'/dev/shm/{n}', 'wb').write(bytes(1 << 20))"
    assert "No space left" in prison.run(shared, "namespaces", limits={"shm_mb": 8}).text


def test_empty_files_cannot_fill_the_disk_either(prison: Prison) -> None:
    code = "for n in range(300): open(f'{n}', 'wb').close()"
    assert "No space left" in prison.run(code, "namespaces", limits={"files": 200}).text


def test_under_landlock_the_disk_can_be_filled_and_files_seen_to_exist(prison: Prison) -> None:
    code = "for n in range(20): open(f'{n}', 'wb').write(bytes(1 << 20))\nos.stat('/etc/shadow')"
    assert "ESCAPED" in prison.run(code, "landlock", limits={"disk_mb": 8}).text
    assert "held: FileNotFoundError" in prison.run("os.stat('/etc/shadow')", "namespaces").text


def test_memory_is_not_limited_from_inside(prison: Prison) -> None:
    assert "ESCAPED" in prison.run("x = bytes(300 << 20)", "namespaces", limits={"disk_mb": 8}).text


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_a_jail_is_the_first_to_go_where_memory_ends(prison: Prison, isolation: str) -> None:
    code = "assert open('/proc/self/oom_score_adj').read() == '1000\\n'"
    assert "ESCAPED" in prison.run(code, isolation).text


@pytest.mark.parametrize("isolation", UPPER)
def test_with_gpus_memory_may_hide_from_polling(prison: Prison, isolation: str) -> None:
    code = "os.truncate(os.memfd_create('hidden'), 1 << 20)"
    assert "held: PermissionError" in prison.run(code, isolation).text
    assert "ESCAPED" in prison.run(code, isolation, devices=["/dev/null"]).text


@pytest.mark.parametrize("isolation", UPPER)
def test_with_gpus_a_jail_may_rename_its_own_threads(prison: Prison, isolation: str) -> None:
    code = "import threading\nopen(f'/proc/self/task/{threading.get_native_id()}/comm', 'w').write('cuda')"
    assert "held: " in prison.run(code, isolation).text
    assert "ESCAPED" in prison.run(code, isolation, devices=["/dev/null"]).text
    assert "held: " in prison.run("open('/proc/self/timerslack_ns', 'w')", isolation, devices=["/dev/null"]).text


def test_with_gpus_a_jail_without_namespaces_may_take_a_sockets_name(prison: Prison) -> None:
    code = "import socket\none = socket.socket(1, 5)\none.bind('\\0clozegrad-test')\none.listen()\n"
    assert "held: PermissionError" in prison.run(code, "landlock").text
    assert "ESCAPED" in prison.run(code, "landlock", devices=["/dev/null"]).text
    reaching = code + "socket.socket(1, 5).connect('\\0clozegrad-test')"
    assert "held: FileNotFoundError" in prison.run(reaching, "landlock", devices=["/dev/null"]).text
    assert "held: OSError" in prison.run("import socket\nsocket.socket(1, 1)", "landlock", devices=["/dev/null"]).text


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_open_files_are_limited(prison: Prison, isolation: str) -> None:
    code = "held = [open('/dev/null') for _ in range(100)]"
    assert "Too many open files" in prison.run(code, isolation, limits={"open_files": 50}).text


@pytest.mark.parametrize("isolation", UPPER)
def test_processor_time_is_limited(prison: Prison, isolation: str) -> None:
    outcome = prison.run("while True: pass", isolation, limits={"cpu_s": 1}, wait_s=60)
    assert outcome.status in (-signal.SIGXCPU, -signal.SIGKILL)


STAYING = """
core, = os.sched_getaffinity(0)
session = os.getsid(0)
os.setsid()
assert os.getsid(0) == session
for pid in (0, os.getpid()):
    try: os.sched_setaffinity(pid, range(os.cpu_count()))
    except OSError: pass
if os.fork() == 0:
    os.setsid()
    os._exit(os.sched_getaffinity(0) != {core} or os.getsid(0) != session)
assert os.wait()[1] == 0
os.sched_setaffinity(0, os.sched_getaffinity(0))
print("stays")
"""


@pytest.mark.parametrize("isolation", UPPER)
def test_a_jail_stays_on_its_core_and_in_one_session(prison: Prison, isolation: str) -> None:
    core = max(os.sched_getaffinity(0))
    assert prison.run(STAYING, isolation, cores=[core]).text.startswith("stays\n")


@pytest.mark.parametrize("isolation", UPPER)
def test_where_the_environment_lies_can_be_seen(prison: Prison, isolation: str) -> None:
    code = "import sys\nassert os.fsencode(sys.prefix) in open('/proc/self/cmdline', 'rb').read()\n"
    assert "ESCAPED" in prison.run(code, isolation).text


@pytest.mark.parametrize("isolation", UPPER)
def test_limits_cannot_be_raised_again(prison: Prison, isolation: str) -> None:
    code = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))"
    assert "held: " in prison.run(code, isolation).text


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_no_open_file_of_the_fork_server_comes_in(prison: Prison, isolation: str) -> None:
    code = (
        "null = os.stat('/dev/null').st_rdev\n"
        "for fd in range(3, 300):\n"
        "    try: there = os.fstat(fd)\n    except OSError: continue\n"
        "    if there.st_rdev != null: print('open', fd)"
    )
    assert prison.run(code, isolation).text == "ESCAPED\n"


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_the_number_of_a_file_that_a_module_keeps_open_is_not_given_to_the_students(
    prison: Prison, isolation: str
) -> None:
    code = (
        "import fcntl\nbefore = set()\nfor fd in range(3, 300):\n"
        "    try: fcntl.fcntl(fd, fcntl.F_GETFD)\n    except OSError: continue\n    before.add(fd)\n"
        "assert before and os.read(min(before), 1) == b''\n"
        "assert os.open('mine', os.O_CREAT | os.O_RDWR) not in before"
    )
    assert prison.run(code, isolation).text == "ESCAPED\n"


def test_standard_input_is_empty_unless_it_is_kept(prison: Prison) -> None:
    assert "ESCAPED" in prison.run("assert os.read(0, 10) == b''", "namespaces").text


@pytest.mark.parametrize("isolation", UPPER)
def test_a_crash_leaves_no_core_file_and_is_told_from_an_exit(prison: Prison, isolation: str) -> None:
    code = "if os.fork() == 0: os.abort()\nos.wait()\nprint(os.listdir('.'), flush=True)\nos.abort()"
    outcome = prison.run(code, isolation)
    assert "[]" in outcome.text
    assert outcome.status < 0
    assert prison.run("os._exit(7)", isolation).status == 7


def test_a_file_in_shared_memory_does_not_stay(prison: Prison, marker: str) -> None:
    code = "open('/dev/shm/' + marker, 'w').write('x')"
    assert "ESCAPED" in prison.run(code, "namespaces", world={"marker": marker}).text
    assert not Path("/dev/shm", marker).exists()


@pytest.mark.parametrize("isolation", [*UPPER, "plain"])
def test_the_working_folder_does_not_stay(prison: Prison, isolation: str) -> None:
    text = prison.run("open('mine', 'w').write('x')\nprint(os.getcwd())", isolation, files={"data/x.csv": "1"}).text
    assert not Path(text.splitlines()[0], "mine").exists()
    assert isolation == "namespaces" or not Path(text.splitlines()[0]).exists()


LEFT_BEHIND = {
    "a folder that nobody may open": "os.makedirs('shut/in')\nopen('shut/in/x', 'w').close()\nos.chmod('shut/in', 0)\nos.chmod('shut', 0)",
    "folders nested beyond any path": "for _ in range(3000):\n    os.mkdir('deeper')\n    os.chdir('deeper')\nopen('x', 'w').close()",
    "odd files": "os.mkfifo('pipe')\nos.symlink('/etc', 'link')\nos.symlink('gone', 'nowhere')\nopen(b'caf\\xe9', 'w').close()\nos.link('pipe', 'twin')",
}  # fmt: skip


@pytest.mark.parametrize("isolation", ["landlock", "plain"])
@pytest.mark.parametrize("code", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_no_folder_stays_whatever_was_made_of_it(prison: Prison, isolation: str, code: str) -> None:
    text = prison.run("print(os.getcwd(), flush=True)\n" + code, isolation).text
    assert "held" not in text
    assert not Path(text.splitlines()[0]).parent.exists()


def test_what_lies_behind_a_link_in_the_folder_stays(prison: Prison, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    tmp_path.chmod(0o777)
    code = f"os.symlink({str(tmp_path)!r}, 'out')\nos.mkdir('in')\nos.symlink({str(tmp_path)!r}, 'in/out')"
    assert "ESCAPED" in prison.run(code, "plain").text
    assert (tmp_path / "kept").exists()


def test_plain_is_no_jail(prison: Prison) -> None:
    assert "ESCAPED" in prison.run("open('/etc/passwd').read()\nos.listdir('/run')", "plain").text


def _plain(code: str) -> str:
    lines = code.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)
