"""GitHub Classroom's repositories, cloned side by side, as `gh classroom clone student-repos` does.

`ps1-submissions/ps1-alovelace/`, with the history. What counts is committed: the newest commit, and the newest one
before the deadline if that is another. The time is the one that the commit gives itself, on the student's machine; when
it was pushed is not in a clone.

The repository is read by dulwich, in Python, and without its settings: git would run whatever programs these name.
"""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, Tree
from dulwich.refs import HEADREF, DiskRefsContainer
from dulwich.walk import Walker

from course.collect.handed import Handed, Reading
from course.collect.parcel import Entry, Refused, limited
from course.collect.people import Sender
from course.collect.roster import GITHUB
from course.grading.submission.walking import MAX_DEPTH, MAX_ENTRIES, is_systems

MAX_COMMITS = 20_000  # that are looked at in one repository
DueOf = Callable[[Sender], datetime | None]


def clones(path: Path) -> list[Path]:
    """The repositories in a folder, or in the folders in it; no link is followed."""
    if _is_clone(path):
        return [path]
    inner = [one for one in _folders(path) if _is_clone(one)]
    return inner or [one for folder in _folders(path) for one in _folders(folder) if _is_clone(one)]


def handed(path: Path, due_of: DueOf) -> Reading:
    """The hand-ins in the clones of a folder, one or two commits of each; `left` names clones that cannot be read."""
    found = clones(path)
    prefix = _prefix([one.name for one in found])
    reading = Reading()
    for clone in found:
        user, parts = clone.name.removeprefix(prefix), clone.name.split("-")
        users = [user] if prefix else ["-".join(parts[at:]) for at in range(len(parts))]
        ids = tuple((space, user) for user in users for space in (GITHUB, ""))
        sender = Sender(clone.name, ids, own=clone.name, otherwise=user)
        try:
            reading.handed += _attempts(clone, sender, due_of(sender))
        except Exception as error:  # dulwich raises whatever it stumbles on
            reading.left.append(f"{clone.name} (its history cannot be read: {type(error).__name__}: {error})")
    return reading


def _prefix(names: list[str]) -> str:
    """What all repositories are called before the user's name: the assignment, with a dash."""
    first = names[0] if len(names) > 1 else ""
    parts = first.split("-")
    prefixes = ["-".join(parts[:length]) + "-" for length in range(len(parts) - 1, 0, -1)]
    return next((prefix for prefix in prefixes if all(name.startswith(prefix) for name in names)), "")


def _attempts(clone: Path, sender: Sender, due: datetime | None) -> Iterator[Handed]:
    """The newest commit, and the newest before the deadline."""
    with _objects(clone) as store:
        head = DiskRefsContainer(clone / ".git")[HEADREF]
        known = Walker(store, [head], max_entries=MAX_COMMITS, get_parents=lambda commit: _parents(store, commit))
        commits = [entry.commit for entry in known]
        newest = max(commits, key=_time)
        before = [commit for commit in commits if due is not None and _time(commit) <= due]
        chosen = {commit.id: commit for commit in (max(before, key=_time, default=newest), newest)}
        for commit in chosen.values():
            source = f"{clone.name}, commit {commit.id[:10].decode()}"
            yield Handed(sender, tuple(_files(store, clone, commit)), source, _time(commit), "commit")


def _objects(clone: Path) -> closing[DiskObjectStore]:
    return closing(DiskObjectStore(clone / ".git/objects"))


def _parents(store: DiskObjectStore, commit: Commit) -> list[ObjectID]:
    """The parents that are there: of a shallow clone not all are."""
    return [parent for parent in commit.parents if parent in store]


def _files(store: DiskObjectStore, clone: Path, commit: Commit) -> Iterator[tuple[str, Entry]]:
    """The files of a commit, as many as are looked at anywhere."""
    waiting: list[tuple[str, ObjectID, int]] = [("", commit.tree, 0)]
    count = 0
    while waiting:
        base, sha, depth = waiting.pop()
        tree = store[sha]
        if not isinstance(tree, Tree):
            continue
        for entry in tree.items():
            name = (entry.path or b"").decode("utf-8", "replace")
            place, mode = base + name, entry.mode or 0
            count += 1
            if count > MAX_ENTRIES or is_systems(name) or entry.sha is None:
                continue
            if stat.S_ISDIR(mode) and depth < MAX_DEPTH:
                waiting.append((f"{place}/", entry.sha, depth + 1))
            elif not stat.S_ISDIR(mode):
                yield place, Entry(place, 0, _reader(clone, entry.sha, is_file=stat.S_ISREG(mode)))


def _reader(clone: Path, sha: ObjectID, *, is_file: bool) -> Callable[[], bytes]:
    def read() -> bytes:
        if not is_file:
            raise Refused("is a link, or another repository")
        try:
            with _objects(clone) as store:
                return limited(store[sha].as_raw_string())
        except Refused:
            raise
        except Exception as error:  # dulwich raises whatever it stumbles on
            raise Refused(f"cannot be read from its repository ({type(error).__name__})") from None

    return read


def _time(commit: Commit) -> datetime:
    """When a commit says that it was made; one that says nonsense was made at the beginning of all time."""
    try:
        return datetime.fromtimestamp(commit.commit_time, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _is_clone(path: Path) -> bool:
    kept = path / ".git"
    return kept.is_dir() and not kept.is_symlink()


def _folders(path: Path) -> list[Path]:
    try:
        return sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())
    except OSError:
        return []
