"""The GPU of each pair, and how many pairs fit at once, asked of the driver: the owner never starts CUDA itself."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PAIR_MB = 6_000  # two CUDA contexts, torch's caches and a lesson's tensors
NVML_ONLY = {"PYTORCH_NVML_BASED_CUDA_CHECK": "1"}  # whether there is a GPU is then asked without starting CUDA


@dataclass(frozen=True)
class Gpu:
    """A GPU as the driver tells of it: its number, its lasting name, and the memory that nobody uses, in MiB."""

    number: str
    uuid: str
    free_mb: int


def find() -> list[str]:
    """The GPU of each slot on this machine; empty where there is no GPU to ask."""
    if not _has_driver():
        return []
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:  # no driver
        return []
    try:
        return slots_of(_gpus(), os.environ)
    finally:
        pynvml.nvmlShutdown()


def _has_driver() -> bool:
    """Whether there may be something to ask: where the driver's library is missing, asking need not be imported."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return False
    return True


def _gpus() -> list[Gpu]:
    """The GPUs that tell of their memory; one that has fallen off its bus does not."""
    import pynvml

    found = []
    for number in range(pynvml.nvmlDeviceGetCount()):
        with contextlib.suppress(pynvml.NVMLError):
            device = pynvml.nvmlDeviceGetHandleByIndex(number)
            free = pynvml.nvmlDeviceGetMemoryInfo(device).free
            found.append(Gpu(str(number), pynvml.nvmlDeviceGetUUID(device), free >> 20))
    return found


def slots_of(gpus: Iterable[Gpu], environment: Mapping[str, str]) -> list[str]:
    """The GPU of each slot, all GPUs in turn.

    Args:
        gpus: what the driver tells of.
        environment: where CUDA_VISIBLE_DEVICES may leave only some of them, or name parts of one (MIG), of whose
            memory the driver says nothing: each gets one slot.
    """
    known = tuple(gpus)
    free, numbers = {gpu.uuid: gpu.free_mb for gpu in known}, {gpu.number: gpu.uuid for gpu in known}
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        parts = [part.strip() for part in visible.split(",")]
        named = {part: next((uuid for uuid in free if part and uuid.startswith(part)), None) for part in parts}
        chosen = [numbers.get(part) or named[part] or part for part in parts]
        free = {gpu: free.get(gpu, 0) for gpu in chosen if gpu in free or gpu.startswith("MIG-")}
    pairs = {gpu: max(1, size // PAIR_MB) for gpu, size in free.items()}
    return [gpu for rank in range(max(pairs.values(), default=0)) for gpu, count in pairs.items() if rank < count]
