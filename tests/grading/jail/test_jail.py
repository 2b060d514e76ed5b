"""Entering a jail: what it shows, what it keeps, how it ends, and which one a machine allows."""

import errno
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest

from course.errors import CourseError
from course.grading import jail
from course.grading.jail import kernel, landlock, seccomp, syscalls, view
from course.grading.limits import Limits
from course.grading.system import tree
from tests.attacks.prison import USERS, Prison

ISOLATION_LEVELS = ("namespaces", "landlock", "plain")
linux = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the jail needs Linux")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can set this up")


@pytest.fixture(scope="module", params=USERS)
def prison(request: pytest.FixtureRequest) -> Iterator[Prison]:
    if request.param != "ordinary" and os.geteuid() != 0:
        pytest.skip("these tests do not run as root")
    with Prison(str(request.param)) as prison:
        yield prison


@pytest.fixture
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that every user may read; pytest's own are closed to others."""
    folder = Path("/var/tmp", tmp_path_factory.mktemp("open").name + str(os.getpid()))
    folder.mkdir()
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_the_working_folder_holds_the_lessons_files_and_can_be_written(prison: Prison, isolation: str) -> None:
    code = "print(sorted(os.listdir('.')), open('data/x.csv').read())\nopen('new', 'w').write('x')\nos.unlink('new')"
    text = prison.run(code, isolation, files={"data/x.csv": "1,2", "y.txt": ""}).text
    assert text == "['data', 'y.txt'] 1,2\nESCAPED\n"


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_the_files_handed_in_can_be_written_over(prison: Prison, isolation: str) -> None:
    code = "open('data/x.csv', 'a').write(',3')\nopen('y.txt', 'w').write('mine')\nprint(open('data/x.csv').read())"
    assert prison.run(code, isolation, files={"data/x.csv": "1,2", "y.txt": ""}).text == "1,2,3\nESCAPED\n"


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_a_folder_of_data_shows_in_the_working_folder_without_its_original_at_risk(
    prison: Prison, isolation: str, open_folder: Path
) -> None:
    (open_folder / "a.txt").write_text("data")
    code = "print(open('data/a.txt').read())\nimport shutil\nshutil.rmtree('data', ignore_errors=True)"
    assert prison.run(code, isolation, trees={"data": open_folder}).text.startswith("data\n")
    assert (open_folder / "a.txt").read_text() == "data"


@linux
@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/../../x", ""])
def test_a_file_cannot_be_put_outside_the_working_folder(prison: Prison, name: str) -> None:
    text = prison.run("pass", "namespaces", files={name: "x"}).text
    assert "does not name a file inside the working folder" in text


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS[:2])
def test_what_is_kept_shows_inside_what_is_hidden_and_the_other_way_round(
    prison: Prison, isolation: str, open_folder: Path
) -> None:
    for name in ("kept/a", "kept/hidden/b", "kept/hidden/shown/c", "other/d"):
        (open_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (open_folder / name).write_text("x")
    code = "from pathlib import Path\nfor n in 'kept/a', 'kept/hidden/b', 'kept/hidden/shown/c', 'other/d':\n"
    code += "    try: print(n, Path(folder, n).read_text())\n    except OSError: print(n, 'closed')"
    plan = {
        "hide": [open_folder, open_folder / "kept/hidden"],
        "keep": [open_folder / "kept", open_folder / "kept/hidden/shown"],
    }
    text = prison.run(code, isolation, world={"folder": str(open_folder)}, **plan).text
    assert text == "kept/a x\nkept/hidden/b closed\nkept/hidden/shown/c x\nother/d closed\nESCAPED\n"


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_python_and_its_packages_still_import(prison: Prison, isolation: str) -> None:
    code = "import sqlite3, ssl, numpy, subprocess, sys\nprint(numpy.ones(3).sum())\n"
    code += "print(subprocess.check_output([sys.executable, '-c', 'print(5)']))"
    assert prison.run(code, isolation).text == "3.0\nb'5\\n'\nESCAPED\n"


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS[:2])
def test_temporary_files_work(prison: Prison, isolation: str) -> None:
    code = "import tempfile, shutil\nf = tempfile.NamedTemporaryFile()\nshutil.copy(f.name, 'copy')"
    assert "ESCAPED" in prison.run(code, isolation).text


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_the_end_of_the_jailed_process_is_the_end_of_the_fork(prison: Prison, isolation: str) -> None:
    assert prison.run("os._exit(3)", isolation).status == 3
    assert prison.run("import ctypes\nctypes.string_at(0)", isolation).status == -signal.SIGSEGV


@linux
def test_an_interrupt_of_the_fork_reaches_the_code_in_the_jail() -> None:
    with Prison("ordinary" if os.geteuid() else "root") as prison:
        code = (
            "import ctypes, signal, time\nsignal.signal(2, signal.default_int_handler)\n"
            "try:\n    ctypes.CDLL(None).prctl(15, b'asleep')\n    time.sleep(30)\n"
            "except KeyboardInterrupt: print('interrupted', flush=True)"
        )
        thread = threading.Thread(target=_interrupt_children, args=[prison.process.pid])
        thread.start()
        outcome = prison.run(code, "namespaces")
        thread.join()
    assert "interrupted" in outcome.text
    assert outcome.seconds < 20


def _interrupt_children(pid: int) -> None:
    """Once the code in the jail has called itself asleep."""
    until = time.monotonic() + 25
    while time.monotonic() < until and not any(
        Path(f"/proc/{one}/comm").read_text() == "asleep\n" for one in tree.descendants(pid)
    ):
        time.sleep(0.1)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        os.kill(int(child), signal.SIGINT)


@linux
@pytest.mark.parametrize("what", ["folder", "terminal"])
def test_a_folder_or_terminal_cannot_be_kept_open(what: str, tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY) if what == "folder" else os.openpty()[1]
    with pytest.raises(CourseError, match="is a folder or a terminal"):
        jail.enter(jail.JailPlan("plain"), keep_fds=(fd,))
    os.close(fd)


def test_an_unknown_jail_is_refused_by_name() -> None:
    with pytest.raises(CourseError, match="there is no jail called 'chroot'; use one of namespaces, landlock, plain"):
        jail.enter(jail.JailPlan("chroot"))
    with pytest.raises(CourseError, match="there is no jail called 'chroot'"):
        jail.require("chroot")


def test_a_plan_travels_as_plain_data() -> None:
    files: dict[str, bytes | Path] = {"a": b"1", "b": Path("/data")}
    plan = jail.plan_for("landlock", Path("/course"), files, Limits(processes=7, file_mb=3))
    assert jail.JailPlan.from_data(msgpack.unpackb(msgpack.packb(plan.as_data()))) == plan
    assert plan.limits.processes == 7
    assert plan.limits.disk_mb == plan.limits.file_mb == 3


def test_a_course_folder_that_is_the_python_environment_is_refused() -> None:
    with pytest.raises(CourseError, match="is the Python environment itself"):
        jail.plan_for("namespaces", Path(sys.prefix))


def test_a_clean_environment_has_nothing_of_the_instructors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "secret")
    monkeypatch.setenv("TZ", "UTC")
    environment = jail.clean_environment(MPLBACKEND="agg")
    assert "secret" not in environment.values()
    assert {"TZ": "UTC", "MPLBACKEND": "agg", "HOME": "/tmp"}.items() <= environment.items()


@linux
def test_the_strongest_jail_works_here_and_is_tried_once() -> None:
    found = jail.find_isolation()
    assert found is jail.find_isolation()
    assert jail.require("plain") == found


@linux
@pytest.mark.parametrize(
    ("refused", "name"),
    [(("unshare",), "landlock"), (("unshare", "landlock_create_ruleset"), "plain"), (("mount",), "landlock")],
)
@pytest.mark.parametrize("ahead", ["", "jail.look_ahead()\n"], ids=["asked", "ahead"])
def test_where_the_kernel_refuses_the_next_jail_is_found_and_the_reason_told(
    refused: tuple[str, ...], name: str, ahead: str
) -> None:
    code = f"from course.grading import jail\n{ahead}print(jail.find_isolation())\njail.require('namespaces')"
    with Prison("ordinary", refuse=refused) as prison:
        text = prison.run(code, None).text
    assert text.startswith(name)
    assert re.search(r"not namespaces: .*(unshare|mount).*Operation not permitted", text)
    assert "held: CourseError: the jail 'namespaces' does not work here: " in text
    assert "To fix this: start a container with" in text
    assert ("NO JAIL" in text) == (name == "plain")


@linux
@pytest.mark.parametrize(
    ("signal_name", "reason"),
    [
        ("SIGKILL", "the trial ended without an answer: exit status -9"),
        ("SIGSTOP", "it was not set up within 0.3 s"),
    ],
)
def test_a_trial_that_was_begun_and_comes_to_nothing_is_a_reason(signal_name: str, reason: str) -> None:
    code = (
        "import os, signal\nfrom course.grading import jail\nfrom course.grading.jail import isolation\n"
        f"os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.{signal_name}))\n"
        "isolation._WAIT_S = 0.3\njail.look_ahead()\nprint(isolation.why_not('namespaces'))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == reason


@linux
@as_root
def test_where_a_new_proc_is_refused_the_namespaces_do_without() -> None:
    with Prison("ordinary", cover_proc=True) as prison:
        text = prison.run("print(sorted(os.listdir('/proc')))\nimport numpy", "namespaces").text
    assert text == "['cpuinfo', 'filesystems', 'meminfo']\nESCAPED\n"


@linux
@as_root
def test_roots_jails_run_as_different_users_that_own_nothing() -> None:
    with Prison("root") as prison:
        uids = {
            prison.run("print(os.getuid())", isolation).text.splitlines()[0]
            for isolation in (*ISOLATION_LEVELS, *ISOLATION_LEVELS)
        }
    assert len(uids) == 6
    assert "0" not in uids


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_the_modules_import_and_say_loudly_that_there_is_no_jail(platform: str) -> None:
    code = f"import sys; sys.platform = {platform!r}; sys.modules['resource'] = None\n"
    code += "from course.grading import jail\nfrom course.grading.system import clock, slots, tree\n"
    code += "print(jail.find_isolation())\njail.require('landlock')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.startswith("plain (NO JAIL: submissions run with your rights")
    assert f"the jail 'landlock' does not work here: {platform} is not Linux" in run.stderr


def said_of(call: int, *arguments: int, program: bytes, architecture: int) -> int:
    """What a filter says of a call, as the kernel would run it."""
    data = struct.pack("=iIQ6Q", call, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    lines, at, held = list(struct.iter_unpack("=HBBI", program)), 0, 0
    while True:
        code, if_true, if_false, operand = lines[at]
        at += 1
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            (held,) = struct.unpack_from("=I", data, operand)
        elif code == 0x54:
            held &= operand
        else:
            at += if_true if {0x15: held == operand, 0x35: held >= operand, 0x45: held & operand}[code] else if_false


def test_the_filter_refuses_what_is_newer_than_itself_and_every_call_of_another_kind() -> None:
    if not syscalls.numbers():
        pytest.skip("no numbers for this machine")
    architecture = seccomp._AUDIT_ARCH[kernel.machine()]
    for own_network in (True, False):
        program = seccomp.compile_rules(seccomp.rules(own_network=own_network, devices=False))
        allowed, nothing_there, killed = 0x7FFF_0000, 0x0005_0000 | errno.ENOSYS, 0x8000_0000
        assert said_of(syscalls.NEWEST - 1, program=program, architecture=architecture) == allowed
        for newer in (syscalls.NEWEST + 1, 1000, 0x4000_0000, 0x4000_0000 + syscalls.numbers()["mount"], 0xFFFF_FFFF):
            signed = newer - (1 << 32) if newer >= 1 << 31 else newer
            assert said_of(signed, program=program, architecture=architecture) == nothing_there
        assert said_of(syscalls.NEWEST - 1, program=program, architecture=3) == killed
        number = syscalls.numbers()["clone"]
        assert said_of(number, 0x3D0F00, program=program, architecture=architecture) == allowed  # as threads start
        assert said_of(number, 0x1200011, program=program, architecture=architecture) == allowed  # as processes do
        assert said_of(number, 0x3D0F00 - 0x400, program=program, architecture=architecture) != allowed


def test_every_number_that_is_known_is_old_enough() -> None:
    assert max(syscalls.numbers().values(), default=syscalls.NEWEST) == syscalls.NEWEST


@linux
def test_a_server_of_the_jails_own_is_reached_on_localhost(prison: Prison) -> None:
    code = (
        "import socket, threading\nserver = socket.create_server(('localhost', 0))\n"
        "threading.Thread(target=lambda: server.accept()[0].sendall(bytes(3_000_000))).start()\n"
        "client, got = socket.create_connection(server.getsockname()), 0\n"
        "while got < 3_000_000: got += len(client.recv(1 << 16))\nprint(got)"
    )
    assert prison.run(code, "namespaces").text == "3000000\nESCAPED\n"
    assert "held: PermissionError" in prison.run(code, "landlock").text


@linux
def test_what_copies_files_quickly_falls_back_on_reading_and_writing(prison: Prison) -> None:
    code = "import shutil, os\nopen('a', 'wb').write(bytes(9_000_000))\nshutil.copyfile('a', 'b')\nos.system('cp a c; cat a > d')\n"
    code += "print([os.path.getsize(name) for name in 'bcd'])"
    for isolation in ISOLATION_LEVELS[:2]:
        assert prison.run(code, isolation).text == "[9000000, 9000000, 9000000]\nESCAPED\n"


@linux
def test_a_database_in_a_file_can_be_used_by_several_processes(prison: Prison) -> None:
    code = (
        "import sqlite3\nwith sqlite3.connect('x.db') as one: one.execute('create table t (n)')\none.close()\n"
        "if os.fork() == 0:\n    with sqlite3.connect('x.db') as one: one.execute('insert into t values (3)')\n    os._exit(0)\n"
        "os.wait()\nprint(sqlite3.connect('x.db').execute('select n from t').fetchall())"
    )
    for isolation in ISOLATION_LEVELS:
        assert prison.run(code, isolation).text == "[(3,)]\nESCAPED\n"


def test_the_filter_knows_every_call_that_it_speaks_of() -> None:
    every = {
        rule for own in (True, False) for rule in seccomp.rules(own_network=own, devices=False, scoped_signals=own)
    }
    assert {rule.call for rule in every} <= syscalls.names()


@linux
def test_the_numbers_of_the_calls_are_those_of_the_kernels_header() -> None:
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists() or not syscalls.numbers():
        pytest.skip("no kernel headers for this machine here")
    known = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text()))
    checked = {name: int(known[name]) for name in syscalls.numbers() if name in known}
    assert len(checked) > 100
    assert checked == {name: syscalls.numbers()[name] for name in checked}


def test_the_whole_file_tree_can_be_neither_kept_nor_hidden() -> None:
    with pytest.raises(CourseError, match="neither keep nor hide the whole file tree"):
        view.trees([Path("/")], [], devices=False)


@linux
def test_older_landlock_handles_fewer_rights() -> None:
    assert landlock._handled(1) == 0x1FFF
    assert landlock._handled(3) == 0x7FFF
    assert landlock._handled(7) == 0xFFFF


@linux
def test_signals_are_filtered_by_number_where_landlock_does_not_hold_them(prison: Prison) -> None:
    code = "from course.grading.jail import seccomp\nkernel.prctl(38, 1)\n"
    code += "seccomp.install(seccomp.compile_rules(seccomp.rules(own_network=False, devices=False, scoped_signals=False)))\n"
    code += "os.kill(os.getpid(), 0)\nos.kill(os.getppid(), 0)"
    assert "held: PermissionError" in prison.run(code, None).text


@linux
@pytest.mark.parametrize("isolation", ISOLATION_LEVELS)
def test_jails_that_count_their_processes_together_run_one_at_a_time(prison: Prison, isolation: str) -> None:
    text = prison.run(
        f"from course.grading import jail\nprint(jail.counts_processes_together({isolation!r}))", None
    ).text
    assert text.split()[0] == str(prison.user == "ordinary" and isolation != "namespaces")
