"""Says at the end of a run how many hostile inputs it tried."""

from __future__ import annotations

import pytest

from tests.unit.hostile import budget


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not budget.tried:
        return
    terminalreporter.section("hostile input")
    for what, number in sorted(budget.tried.items()):
        terminalreporter.line(f"{what}: {number} tried")
    terminalreporter.line(f"all: {budget.tried.total()} tried")
