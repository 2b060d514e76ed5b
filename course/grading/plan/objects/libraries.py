"""What a library's functions may change besides what they are given: the state of the process, or files.

Known by name, and only of libraries whose functions are known to change nothing else. The global random generators
count for nothing here: the engine sets them before each cell and test that counts.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from course.grading.plan.objects.flows import Doings, Path

# Packages of which no function changes more of the process than those below.
_KNOWN = frozenset(
    "PIL IPython __future__ abc base64 bisect cmath collections colorsys contextlib copy course csv dataclasses "  # noqa: SIM905
    "datetime decimal difflib einops enum fastai fastcore fractions functools gymnasium hashlib heapq html inspect io "
    "itertools jaxtyping json math matplotlib mlxtend mpl_toolkits numbers numpy operator os pandas pathlib pickle "
    "pprint queue random re scipy seaborn shutil skimage sklearn statistics string struct sympy tempfile textwrap time "
    "torch torchvision tqdm types typing typing_extensions unicodedata uuid warnings zipfile zlib".split()
)
_SEEDS = frozenset(
    "seed seed_all seed_everything manual_seed manual_seed_all set_rng_state set_rng_state_all set_state setstate "  # noqa: SIM905
    "fork_rng".split()
)
_OF_THE_PROCESS = re.compile(
    r"set_.+|seterr\w*|set|use|use_.+|enable\w*|disable\w*|un?register\w*|install\w*|patch\w*|reload|rc|rc_file\w*|"
    r"style|ion|ioff|switch_backend|resetwarnings|showwarning|formatwarning|setcontext|getcontext|options|umask|"
    r"distributed|multiprocessing|library|overrides|singledispatch|finalize|tzset|init_printing"
)
_ANYWHERE = re.compile(  # also of an object: names so telling that no other object would have them
    r"set_default_\w+|set_num_(?:interop_)?threads|set_grad_enabled|set_printoptions|seterr\w*|rcParams\w*|rcdefaults|"
    r"simplefilter|filterwarnings|environ\w*|chdir|putenv|setrecursionlimit|settrace|setprofile|excepthook|"
    r"enter_context|use_deterministic_algorithms|set_float32_matmul_precision|register_module_\w+|"
    r"__enter__|__exit__|__dict__|__code__|__defaults__|__kwdefaults__|__closure__|__func__|__setattr__|__delattr__|"
    r"__wrapped__|__builtins__"
)
_CHANGING = re.compile(f"{_OF_THE_PROCESS.pattern}|{_ANYWHERE.pattern}")
_FILES = re.compile(
    r"load|loadtxt|genfromtxt|fromfile|imread|read_\w+|glob|rglob|iglob|iterdir|walk|listdir|scandir|exists|is_file|"
    r"is_dir|isfile|isdir|stat|ImageFolder|DatasetFolder|hub"
)
_WRITES = re.compile(
    r"save|savez|savez_compressed|savetxt|savefig|save_image|imsave|tofile|memmap|open|to_(?:csv|json|pickle|parquet|excel|hdf|sql|html|latex|markdown)|dump|"
    r"write|write_text|write_bytes|writelines|mkdir|makedirs|mkdtemp|mkstemp|unlink|touch|rename|rmdir|rmtree|copyfile|"
    r"copytree|copy2|move|TemporaryDirectory|NamedTemporaryFile|TemporaryFile|export|extractall|urlretrieve|"
    r"download\w*|ZipFile|truncate|chmod|symlink\w*|replace_file"
)
_OF_FILES = frozenset({"os", "shutil", "tempfile", "pathlib", "zipfile"})  # packages for nothing but files
_HARMLESS_OF_OS = frozenset({"path", "sep", "linesep", "cpu_count", "getpid", "name", "fspath", "PathLike", "getcwd"})
_NOT_TOLD = frozenset({"exit", "quit", "input", "help", "vars"})  # of Python's own names


class Uses(NamedTuple):
    """What code uses: files, to read or maybe to write, the seeds of generators, what may change the process else."""

    files: bool = False
    writes: bool = False
    seeds: bool = False
    process: str = ""


def uses(doings: Doings, imports: Mapping[str, set[Path]], names: Collection[str]) -> Uses:
    """What a piece of code uses, by the dotted names in it.

    Args:
        imports: of the whole notebook: where a name may come from that is bound by importing.
        names: all that the notebook binds.
    """
    found = [_of_library(path) for path in doings.imported if path[0] not in _KNOWN]
    for path in doings.mentions:
        found += [_of_library((*home, *path[1:])) for home in imports.get(path[0], ())]
        if path[0] not in imports:
            found.append(_of_name(path, names))
    return Uses(
        any(one.files or one.writes for one in found),
        any(one.writes for one in found),
        any(_SEEDS.intersection(path) for path in doings.mentions),
        min((one.process for one in found if one.process), default=""),
    )


def _of_name(path: Path, names: Collection[str]) -> Uses:
    root, rest = path[0], path[1:]
    if root and root not in names:
        if root == "open":
            return Uses(writes=True)
        if root in _NOT_TOLD:
            return Uses(process=f"{root}()")
    telling = next((name for name in rest if _ANYWHERE.fullmatch(name)), "")
    return Uses(_any(_FILES, rest), _any(_WRITES, rest), process=telling)


def _of_library(path: Path) -> Uses:
    package, inner = path[0], path[1:]
    said = ".".join(path)
    if package not in _KNOWN or (package == "IPython" and inner[:1] != ("display",)):
        return Uses(process=said)
    if package == "course" and inner[:1] in (("checks",), ("cloze",)):
        return Uses(process=said)
    writes = _any(_WRITES, inner) and path != ("PIL", "Image", "open")
    if package == "os":
        known = writes or not inner or inner[0] in _HARMLESS_OF_OS or _any(_FILES, inner)
        return Uses(files=True, writes=writes) if known else Uses(process=said)
    changes = any(name not in _SEEDS and _CHANGING.fullmatch(name) for name in inner)
    return Uses(package in _OF_FILES or _any(_FILES, inner), writes, process=said if changes else "")


def _any(pattern: re.Pattern[str], names: Path) -> bool:
    return any(map(pattern.fullmatch, names))
