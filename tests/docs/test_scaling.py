"""The recipes for several machines do what the page says."""

import re
import signal
from pathlib import Path
from typing import Any

import pytest
import yaml

PAGE = (Path(__file__).parents[2] / "docs/scaling.md").read_text("utf-8")


def merged(settings: dict[str, Any]) -> dict[str, Any]:
    """All settings of Dask's, these among them."""
    config = pytest.importorskip("dask").config
    return dict(config.merge(config.global_config, settings))


@pytest.mark.filterwarnings("ignore::UserWarning:distributed")
def test_the_recipe_for_slurm_writes_a_job_that_starts_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupts = signal.getsignal(signal.SIGINT)
    pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed: pip install dask-jobqueue")
    signal.signal(signal.SIGINT, interrupts)  # importing dask_jobqueue has given it a handler that exits
    certificates = pytest.importorskip("tests.grading.cluster.certificates", reason="no cryptography to make keys with")
    dask = pytest.importorskip("dask")

    (recipe,) = re.findall(r"```python\n(.*?)```", PAGE.split("### Slurm")[1], re.DOTALL)[:1]
    names: dict[str, Any] = {"__name__": "recipe"}
    exec(recipe, names)
    for name, path in certificates.make(tmp_path).items():
        monkeypatch.setenv(name, path)
    with dask.config.set(merged(dask.config.collect_env())), names["cluster"]() as jobs:
        script = jobs.job_script()
        assert jobs.scheduler_address.startswith("tls://")
    assert "#SBATCH --cpus-per-task=8" in script
    assert "python -m distributed.cli.dask_worker tls://" in script
    assert "--nthreads 8" in script
    assert f"--tls-cert {tmp_path}/cert.pem" in script


def test_the_settings_for_tls_are_read_by_dask() -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'clozegrad[cluster]'")
    dask = pytest.importorskip("dask")
    (settings,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    with dask.config.set(merged(yaml.safe_load(settings))):
        keys = distributed.Security()
    paths = [keys.tls_ca_file, keys.tls_scheduler_cert, keys.tls_worker_key, keys.tls_client_key]
    assert paths == [f"/home/me/keys/{name}.pem" for name in ("ca", "cert", "key", "key")]
    assert keys.require_encryption
