"""A stack file that Pulumi cannot hand to a program is told of before Pulumi is asked."""

from __future__ import annotations

import json
from pathlib import Path

from multinet.findings import Severity
from multinet.stack import handover
from multinet.stack.load import load


def stack_file(directory: Path, networks: int) -> Path:
    config = {"cniVersion": "1.0.0", "type": "bridge"}
    document = {
        "multinet:primaryCni": {"plugin": "existing", "confFile": "10-calico.conflist"},
        "multinet:networks": {
            f"network-{i}": {"config": {**config, "bridge": f"br{i}"}} for i in range(networks)
        },
    }
    file = directory / "Pulumi.large.yaml"
    lines = [f"  {key}: {json.dumps(value)}" for key, value in document.items()]
    file.write_text("\n".join(["config:", *lines]) + "\n")
    return file


def test_values_are_json_in_json_and_counted_in_bytes() -> None:
    # What the engine writes of it; é is two bytes in UTF-8.
    written = r'{"multinet:networks":"{\"é\":{\"namespace\":\"b\"}}","multinet:context":"c"}'

    config = {"networks": {"é": {"namespace": "b"}}, "context": "c"}

    assert handover.size(config) == len(written) + 1


def test_a_file_that_is_too_large_is_told_of_and_is_valid(tmp_path: Path) -> None:
    small, large = (load(stack_file(tmp_path, count)) for count in (1000, 2000))

    assert small.findings == []
    (told,) = large.findings
    assert large.settings is not None
    assert (told.code, told.severity) == ("config-too-large", Severity.WARNING)
    assert (told.path, told.line) == (("multinet:networks",), 3)
    assert "131,057" in told.rule
