"""What one jail shows and allows, and the plan for grading in a course folder."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from course import datafolder
from course.errors import CourseError
from course.grading.jail import kernel, view
from course.grading.jail.privileges import JailLimits
from course.grading.limits import Limits

ISOLATION_LEVELS = ("namespaces", "landlock", "plain")  # strongest first


@dataclass(frozen=True)
class JailPlan:
    """What one jail shows and allows.

    Args:
        isolation: one of isolation_levels().
        hide: folders and files that must not show, even inside a tree that does.
        keep: folders and files that stay readable where they lie, even inside a hidden one.
        files: what the working folder holds at the start, by relative name: bytes, or a file or folder to show there.
        devices: device files to keep, such as `/dev/nvidia0`.
    """

    isolation: str
    hide: tuple[Path, ...] = ()
    keep: tuple[Path, ...] = field(default_factory=view.environment)
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    limits: JailLimits = field(default_factory=JailLimits)
    devices: tuple[Path, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The plan as plain data, to send to the process that will be jailed."""
        paths = {name: [str(path) for path in getattr(self, name)] for name in ("hide", "keep", "devices")}
        files = {name: content if isinstance(content, bytes) else str(content) for name, content in self.files.items()}
        return {"isolation": self.isolation, **paths, "files": files, "limits": asdict(self.limits)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "JailPlan":
        """The plan that `as_data` made plain."""
        hide, keep, devices = (tuple(map(Path, data[name])) for name in ("hide", "keep", "devices"))
        files = {
            name: Path(content) if isinstance(content, str) else content for name, content in data["files"].items()
        }
        return cls(data["isolation"], hide, keep, files, JailLimits(**data["limits"]), devices)


def plan_for(
    isolation: str, folder: Path, files: Mapping[str, bytes | Path] | None = None, limits: Limits | None = None
) -> JailPlan:
    """The plan for grading in the course `folder`: it and all homes hidden, the Python environment kept, GPUs too."""
    if folder.resolve() in view.environment():
        raise CourseError(
            f"{folder} is the Python environment itself, which a jail shows; put that in a folder of its own"
        )
    hide = (folder, Path.home(), Path("/home"), Path("/root"))
    keep = (*view.environment(), datafolder.root().resolve())
    devices = tuple(sorted(Path("/dev").glob("nvidia*"))) if kernel.is_linux() else ()
    return JailPlan(isolation, hide, keep, files or {}, _jail_limits(limits or Limits(), bool(devices)), devices)


def _jail_limits(limits: Limits, with_gpu: bool) -> JailLimits:
    cpu_s = int(limits.submission_s) * (os.cpu_count() or 1)
    sizes = {"file_mb": limits.file_mb, "disk_mb": limits.file_mb, "shm_mb": limits.file_mb}
    most = JailLimits(processes=limits.processes, cpu_s=cpu_s, **sizes)
    return replace(most, addresses_tb=0) if with_gpu else most  # a GPU's driver reserves as much as all cards hold
