"""What a notebook from Colab imports and a grader does not have: stand-ins that let such a notebook run."""

import sys
import types
from typing import Any


def install() -> None:
    """Make `google.colab` importable; mounting a drive does nothing, uploading gives no file."""
    if "google.colab" in sys.modules:
        return
    google = sys.modules.get("google") or types.ModuleType("google")
    colab = types.ModuleType("google.colab")
    members_of: dict[str, dict[str, Any]] = {
        "drive": {"mount": _nothing, "flush_and_unmount": _nothing},
        "files": {"upload": dict, "download": _nothing},
        "output": {"clear": _nothing, "eval_js": _nothing, "enable_custom_widget_manager": _nothing},
        "userdata": {"get": _nothing},
        "auth": {"authenticate_user": _nothing},
        "patches": {"cv2_imshow": _nothing},
    }
    for name, members in members_of.items():
        module = types.ModuleType(f"google.colab.{name}")
        vars(module).update(members)
        setattr(colab, name, module)
        sys.modules[module.__name__] = module
    google.colab = colab  # type: ignore[attr-defined]
    sys.modules.update({"google": google, "google.colab": colab})


def _nothing(*_: Any, **__: Any) -> None:
    """A stand-in for what only Colab can do."""
