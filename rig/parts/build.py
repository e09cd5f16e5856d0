"""Building one part into the cache."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from rig.errors import BuildError
from rig.parts.catalog import ChartPart, GoPart, required_version
from rig.parts.golang import Go
from rig.parts.store import digest_of_files, fresh_directory, locked, log_file, tail
from rig.paths import cache_root
from rig.progress import Progress

_RECIPE = "1"
"""Raise it when the way of building changes without a change of flags or modules."""


def go_part_entry(part: GoPart, go: Go) -> Path:
    """The cache entry of a part as it is pinned and linked now."""
    sources = [path for path in part.directory.iterdir() if path.is_file()]
    tags = (part.tags,) if part.tags else ()
    flags = (part.packages, part.ldflags, *tags)
    key = digest_of_files(sources, _RECIPE, *flags, go.version, go.target)
    return cache_root() / f"{part.name}-{key}"


def chart_entry(part: ChartPart) -> Path:
    """The cache entry of a chart at its pinned version."""
    return cache_root() / f"chart-{part.name}-{part.version}{'-whole' if part.links else ''}"


def build_go_part(part: GoPart, go: Go, progress: Progress) -> Path:
    """Build a part unless the cache has it; return its directory of binaries.

    Raises BuildError with the tail of the compiler's output.
    """
    entry = go_part_entry(part, go)
    with locked(entry):
        if not entry.exists():
            with fresh_directory(entry) as work:
                _compile(part, go, work / "bin", progress)
    return entry / "bin"


def _compile(part: GoPart, go: Go, out: Path, progress: Progress) -> None:
    out.mkdir()
    log = log_file(part.name)
    argv = [str(go.command), "build", "-v", "-ldflags", part.ldflags, "-o", f"{out}/"]
    argv += ["-tags", part.tags] if part.tags else []
    title = f"building {part.name} {part.version} (once; kept in {cache_root()})"
    with progress.step(title) as step, log.open("w") as kept:
        compiler = subprocess.Popen(
            [*argv, part.packages],
            cwd=part.directory,
            env=go.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert compiler.stdout is not None
        with compiler:
            for number, line in enumerate(compiler.stdout, start=1):
                kept.write(line)
                step.detail(f"{number} packages, {line.strip()[:60]}")
        if compiler.returncode != 0:
            kept.flush()
            raise BuildError(
                f"building {part.name} {part.version} failed (status {compiler.returncode}); "
                f"log: {log}\n{tail(log)}"
            )
        for built, wanted in part.renames.items():
            (out / built).rename(out / wanted)
        lacking = sorted(set(part.binaries) - {path.name for path in out.iterdir()})
        if lacking:
            raise BuildError(f"building {part.name} left no {', '.join(lacking)} in {out}")


def fetch_chart(part: ChartPart, go: Go, progress: Progress) -> Path:
    """Copy a chart out of its Go module unless the cache has it; return the chart's directory.

    Go checks the module against go.sum, which is what makes the chart's content pinned.
    """
    entry = chart_entry(part)
    with locked(entry):
        if not entry.exists():
            with progress.step(f"fetching chart {part.name} {part.version}"):
                module = module_directory(part.directory, part.module, go)
                source = module / part.path
                if not (source / "Chart.yaml").is_file():
                    raise BuildError(f"{part.module} {part.version} has no chart in {part.path}")
                with fresh_directory(entry) as work:
                    # Files of Go's module cache are read-only; copies of them must not be.
                    trees = {".": source, **{at: module / to for at, to in part.links}}
                    for at, tree in trees.items():
                        to = work / part.name / at
                        shutil.copytree(tree, to, copy_function=shutil.copyfile)
                    for directory in (work, *work.rglob("*/")):
                        directory.chmod(0o755)
    return entry / part.name


def module_directory(pinned: Path, module: str, go: Go) -> Path:
    """Where Go keeps the files of a module that the go.mod in ``pinned`` requires; read-only.

    Raises BuildError where it cannot be had, or its checksum is not there.
    """
    version = required_version(pinned, module)
    _check_sum(pinned, module, version)
    asked = subprocess.run(
        [str(go.command), "mod", "download", "-json", module],
        cwd=pinned,
        env=go.environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    try:
        answer = json.loads(asked.stdout)
        return Path(answer["Dir"])
    except (ValueError, KeyError) as error:
        said = asked.stderr.strip() or asked.stdout.strip()
        raise BuildError(f"fetching {module} {version} failed: {said[-2000:]}") from error


def _check_sum(pinned: Path, module: str, version: str) -> None:
    # "go mod download" adds a missing sum instead of refusing, even with -mod=readonly.
    wanted = f"{module} {version} h1:"
    sums = (pinned / "go.sum").read_text().splitlines()
    if not any(line.startswith(wanted) for line in sums):
        raise BuildError(f"{pinned}/go.sum holds no checksum of {module}")
