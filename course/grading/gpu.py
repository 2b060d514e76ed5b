"""The GPU of each pair, and how many pairs fit at once, asked of the driver: the owner never starts CUDA itself."""

import os
import queue
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

PAIR_MB = 6_000  # two CUDA contexts, torch's caches and a lesson's tensors
NVML_ONLY = {"PYTORCH_NVML_BASED_CUDA_CHECK": "1"}  # whether there is a GPU is then asked without starting CUDA
_QUERY = ("--query-gpu=index,uuid,memory.total,memory.used", "--format=csv,noheader,nounits")


class Slots:
    """One slot for each pair that may run at once: as many as are wanted, and no more than fit into the GPUs' memory.

    Args:
        gpus: the GPU of each slot that there is room for, as `find` tells; none: there is no GPU to share.
    """

    def __init__(self, wanted: int, gpus: Sequence[str] = ()) -> None:
        self.count = min(wanted, len(gpus)) if gpus else wanted
        self._free: queue.Queue[dict[str, str]] = queue.Queue()
        for number in range(self.count):
            self._free.put({"CUDA_VISIBLE_DEVICES": gpus[number]} if gpus else {})

    @contextmanager
    def one(self) -> Iterator[dict[str, str]]:
        """Wait for a slot: the environment in which CUDA finds its GPU alone, and finds it as number 0."""
        environment = self._free.get()
        try:
            yield environment
        finally:
            self._free.put(environment)


def find() -> list[str]:
    """The GPU of each slot on this machine; empty where there is no GPU to ask."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        done = subprocess.run([program, *_QUERY], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return slots_in(done.stdout, os.environ)


def slots_in(table: str, environment: Mapping[str, str]) -> list[str]:
    """The GPU of each slot, all GPUs in turn.

    Args:
        table: the driver's answer, a line a GPU: its number, its lasting name, its memory and the used part, in MiB.
        environment: where CUDA_VISIBLE_DEVICES may leave only some of them, or name parts of one (MIG), of whose
            memory the driver says nothing: each gets one slot.
    """
    free: dict[str, int] = {}
    numbers: dict[str, str] = {}
    for line in table.splitlines():
        number, uuid, total, used = [*(part.strip() for part in line.split(",")), "", "", "", ""][:4]
        if total.isdigit() and used.isdigit():
            free[uuid], numbers[number] = int(total) - int(used), uuid
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        parts = [part.strip() for part in visible.split(",")]
        named = {part: next((uuid for uuid in free if part and uuid.startswith(part)), None) for part in parts}
        chosen = [numbers.get(part) or named[part] or part for part in parts]
        free = {gpu: free.get(gpu, 0) for gpu in chosen if gpu in free or gpu.startswith("MIG-")}
    pairs = {gpu: max(1, size // PAIR_MB) for gpu, size in free.items()}
    return [gpu for rank in range(max(pairs.values(), default=0)) for gpu, count in pairs.items() if rank < count]
