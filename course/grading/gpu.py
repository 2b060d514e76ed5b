"""How many pairs fit on the GPUs at once, asked of the driver from outside: the owner never starts CUDA itself."""

import shutil
import subprocess

PAIR_MB = 6_000  # two CUDA contexts, torch's caches and a lesson's tensors


def slots() -> int | None:
    """How many pairs may run at once without fighting for the GPUs' memory; None where there is no GPU to ask."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = [program, "--query-gpu=memory.total,memory.used", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return slots_in(done.stdout)


def slots_in(table: str) -> int | None:
    """The slots in the driver's answer: a line a GPU with its memory and what of it is used, in MiB."""
    free = []
    for line in table.splitlines():
        total, _, used = line.partition(",")
        if total.strip().isdigit() and used.strip().isdigit():
            free.append(int(total) - int(used))
    return max(1, sum(size // PAIR_MB for size in free)) if free else None
