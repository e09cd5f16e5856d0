"""What the pages show of commands is what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import console, transcripts

ID = {"ids": lambda page: str(page.relative_to(console.PROJECT))}
WITH_TRANSCRIPTS = [p for p in console.PAGES if any(b.kind == "run" for b in transcripts.blocks(p))]


@pytest.mark.parametrize("page", WITH_TRANSCRIPTS, **ID)
def test_a_page_shows_what_the_commands_print(page: Path) -> None:
    found = list(console.differences(page))
    said = "\n\n".join(map(str, found))
    assert not found, f"{said}\n\npython -m docs.console --update writes it"


def test_the_readme_and_the_tutorial_are_held_to_it() -> None:
    assert {"README", "tutorial"} <= {page.stem for page in WITH_TRANSCRIPTS}


def _page(directory: Path, text: str) -> Path:
    page = directory / "example.md"
    page.write_text(text, encoding="utf-8")
    return page


VALID = (console.PROJECT / "Pulumi.edge.yaml").read_text(encoding="utf-8")
TRANSCRIPT = """\
<!-- file: Pulumi.mine.yaml -->
```yaml
{file}```

- in a list:

  ```console
  $ multinet validate -s mine
  {shown}
  $ echo $?
  0
  ```
"""


@pytest.mark.parametrize(
    ("shown", "differs"),
    [
        ("…\n  Pulumi.mine.yaml: valid (existing and 2 networks), 0 errors, 0 warnings", False),
        ("Pulumi.mine.yaml: valid (…), 0 errors, 0 warnings", False),
        ("Pulumi.mine.yaml: valid (existing and 3 networks), 0 errors, 0 warnings", True),
        ("", True),
    ],
)
def test_a_wrong_page_is_told(shown: str, differs: bool, tmp_path: Path) -> None:
    page = _page(tmp_path, TRANSCRIPT.format(file=VALID, shown=shown))

    found = list(console.differences(page))
    console.update(page, found)

    assert bool(found) == differs
    assert list(console.differences(page)) == [], "an update mends it"


def test_elided_lines_are_any_number_of_whole_lines() -> None:
    assert transcripts.matches(["a", "…", "d"], ["a", "b", "c", "d"])
    assert transcripts.matches(["a", "…", "d"], ["a", "d"])
    assert not transcripts.matches(["a", "…", "d"], ["a", "b", "c", "dd"])
    assert not transcripts.matches(["a"], ["a", "b"])
    assert transcripts.matches(["took … s"], ["took 3 s  "])


def test_only_commands_that_run_anywhere_are_run(tmp_path: Path) -> None:
    def kind(typed: str, comment: str = "") -> str:
        (block,) = transcripts.blocks(_page(tmp_path, f"{comment}\n```console\n{typed}```\n"))
        return block.kind

    assert kind("$ multinet validate -s dev\n$ cat Pulumi.dev.yaml\n") == "run"
    assert kind("$ .venv/bin/multinet verify --help\n") == "run"
    assert kind("$ multinet verify -s dev\n") == "shown"
    assert kind("$ multinet validate -s dev\n$ make up\n") == "shown"
    assert kind("$ multinet schema > schema.json\n") == "shown"
    assert kind("$ multinet validate -s dev\n", "<!-- by hand -->") == "shown"
    assert kind("$ kubectl get pods\n", "<!-- cluster -->") == "cluster"


def test_numbers_of_a_cluster_do_not_count() -> None:
    one = "lab  rig  net1  10.77.0.4/24  1500  0e:2a:9c:c8:c4:05  3 s"
    assert transcripts.without_numbers(one) == transcripts.without_numbers(
        "lab    rig  net1  10.77.0.12/24  1500  02:00:00:00:00:05  14 s"
    )
    assert transcripts.without_numbers(one) != transcripts.without_numbers(
        one.replace("net1", "eth0")
    )
