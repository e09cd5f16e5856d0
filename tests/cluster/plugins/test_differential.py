"""What we say to a configuration, and what Multus, libcni, the plugins and the kernel say.

Each case is attached for real: loaded by Multus's code, run through libcni with the real
plugins in a network namespace, and detached.

An ordinary run takes the same 300 cases of each kind every time and stops at the first
disagreement, made as small as can be. With `MULTINET_DIFFERENTIAL_CASES=20000` it is a campaign:
that many new cases, all of them, and every disagreement is told at the end.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from multinet.cni.config import parse
from multinet.findings import Finding, errors
from multinet.networks.checks import ClusterFacts, NetworkView, check_networks
from tests.cluster.plugins import generate
from tests.cluster.plugins.node import UPLINK_MTU, Answer, Node
from tests.cluster.plugins.verdicts import (
    WE_REFUSE,
    WE_REFUSE_OF_WHEREABOUTS,
    Case,
    Refusals,
    reasons,
)

pytestmark = pytest.mark.cluster

CAMPAIGN = os.environ.get("MULTINET_DIFFERENTIAL_CASES")
FOUND = Path(__file__).with_name("found.jsonl")
"""Where a campaign's verdicts differed, a configuration a line."""
FACTS = ClusterFacts(link_mtus={"node": {"eth0": UPLINK_MTU}})
SETTINGS = settings(
    max_examples=int(CAMPAIGN or 300),
    deadline=None,
    database=None,
    derandomize=not CAMPAIGN,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@dataclasses.dataclass
class Tally:
    """What became of the cases.

    Attributes:
        cases: how many there were.
        verdicts: "both accept", "both refuse", or why they differ → how many.
        unexplained: cases that differ for no known reason.
    """

    refusals: Refusals
    cases: int = 0
    verdicts: Counter[str] = dataclasses.field(default_factory=Counter)
    unexplained: list[str] = dataclasses.field(default_factory=list)

    def count(self, written: dict[str, Any], real: Answer) -> None:
        """Raises AssertionError for an unexplained one, in a campaign only at its end."""
        case = Case.of(written, _ours(written), real)
        self.cases += 1
        why = reasons(case, self.refusals)
        if why is None:
            said = "\n".join(str(f) for f in case.ours) or "nothing"
            told = f"{json.dumps(written)}\nwe say: {said}\nreal: {case.real}"
            assert CAMPAIGN, told
            self.unexplained.append(told)
        else:
            agreed = "both refuse" if case.ours else "both accept"
            self.verdicts.update(set(why) or {agreed})

    def report(self) -> None:
        """Print the counts; raises AssertionError when a case is unexplained."""
        print(f"{self.cases} cases, {len(self.unexplained)} unexplained")
        for verdict, count in self.verdicts.most_common():
            print(f"{count:6}  {verdict}")
        assert not self.unexplained, "\n\n".join(self.unexplained[:50])


def _ours(written: dict[str, Any]) -> list[Finding]:
    config, findings = parse(written)
    if config is None:
        return errors(findings)
    return errors(check_networks({"n": NetworkView("n", "default", config)}, FACTS))


@pytest.mark.parametrize("line", FOUND.read_text().splitlines())
def test_what_campaigns_found_is_settled(node: Node, line: str) -> None:
    written = json.loads(line)
    Tally(WE_REFUSE).count(written, node.attach(line))


def test_we_refuse_what_fails_and_accept_what_works(node: Node) -> None:
    tally = Tally(WE_REFUSE)

    @SETTINGS
    @given(generate.CONFIGURATIONS)
    def compare(written: dict[str, Any]) -> None:
        tally.count(written, node.attach(json.dumps(written)))

    compare()
    tally.report()


def test_we_refuse_what_whereabouts_refuses(node: Node) -> None:
    tally = Tally(WE_REFUSE_OF_WHEREABOUTS)

    @SETTINGS
    @given(generate.WHEREABOUTS_NETWORKS)
    def compare(written: dict[str, Any]) -> None:
        tally.count(written, node.attach(json.dumps(written), whereabouts=True))

    compare()
    tally.report()
