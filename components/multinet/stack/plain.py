"""Whether a program declares what its stack's configuration says, and nothing else. Pure."""

from __future__ import annotations

import ast
import sys
from pathlib import Path


def is_plain(main: Path) -> bool:
    """Whether a program makes of the stack's configuration what the project's own does.

    That is `Environment.from_config()` without arguments and nothing else of multinet: the stack
    file says all of it, and the program need not be run to look.
    """
    try:
        tree = ast.parse(main.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return False
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
        if not (isinstance(node, ast.ImportFrom) and node.module in ("pathlib", "__future__"))
    }
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "from_config"
    ]
    bare = [call for call in calls if not call.args and not call.keywords]
    return imported <= {"Environment", "sys"} and len(calls) == len(bare) == 1


def runs_plain() -> bool:
    """Whether the program that runs is such a one, by the file that it was started from."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return file is not None and is_plain(Path(file))
