"""summary.md: what an environment creates, for people who would rather look than read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from multinet.cni.config import NetworkConfig
from multinet.diagram import diagram, mermaid
from multinet.networks.settings import NetworkSettings
from multinet.render.markdown import code, escaped
from multinet.render.steps import Step
from multinet.stack import Environment, StackSettings
from multinet.stack.source import source_name

Steps = Sequence[tuple[str, Step]]


def summary(
    environment: Environment,
    steps: Steps,
    missing_charts: Mapping[str, str],
    settings: StackSettings,
    told: Sequence[str] = (),
) -> str:
    """The whole page. `settings`: of all that the program declares; `told`: its own warnings."""
    lines = [f"# What {code(source_name(environment.source))} creates", ""]
    lines += [*_not_rendered(missing_charts)]
    lines += ["## Networks of a pod", "", "```mermaid", mermaid(diagram(settings, "")), "```", ""]
    lines += [*_networks(settings)]
    lines += [*_findings(environment, told)]
    lines += [*_objects(steps)]
    return "\n".join(lines).rstrip() + "\n"


def _not_rendered(missing: Mapping[str, str]) -> Iterator[str]:
    if not missing:
        return
    yield "> **Not rendered:** these charts could not be had here, so their objects are missing"
    yield "> below. Give `multinet:primaryCni.chart.path`, or render where the repository answers."
    yield ">"
    for chart, reason in missing.items():
        yield f"> - {code(chart)}: {escaped(reason)}"
    yield ""


def _networks(settings: StackSettings) -> Iterator[str]:
    primary = settings.primary_cni
    version = f" {primary.effective_version}" if primary.effective_version else ""
    yield "| network | reference | type | on the node | addresses | MTU |"
    yield "|---|---|---|---|---|---|"
    pods = ", ".join(primary.pod_cidrs)
    mtu = primary.mtu or "auto"
    yield f"| *primary* | – | {primary.plugin}{version} | `{primary.effective_conf_file}` | {pods} | {mtu} |"
    for name, network in settings.networks.items():
        main = network.config.main
        parent = ", ".join(code(link) for link in main.parent_links()) or "–"
        addresses = _addresses(network.config) + _blocks(network)
        mtu = "–" if network.config.provided else main.declared_mtu() or "parent's"
        reference = f"`{network.namespace}/{name}`"
        yield f"| {name} | {reference} | {escaped(main.type)} | {parent} | {addresses} | {mtu} |"
    yield ""


def _blocks(network: NetworkSettings) -> str:
    sizes = [f"/{one.prefix}" for one in network.blocks.cuts] if network.blocks else []
    return f"; a block for each node: {', '.join(sizes)}" if sizes else ""


def _addresses(config: NetworkConfig) -> str:
    if config.provided:
        return "each node's own"
    parts: list[str] = []
    for _, ipam in config.addressing:
        ranges = ipam.address_ranges()
        shown = [f"{r.first} – {r.last}" for r in ranges[:4]]
        shown += [f"and {len(ranges) - 4} more"] if len(ranges) > 4 else []
        kind = escaped(ipam.type)
        parts.append(f"{kind}: {', '.join(shown)}" if shown else kind)
    return "; ".join(parts) or "none"


def _findings(environment: Environment, told: Sequence[str]) -> Iterator[str]:
    if not environment.findings and not told:
        return
    yield "## Findings"
    yield ""
    for finding in environment.findings:
        at = f" (line {finding.line})" if finding.line else ""
        said = escaped(f"{finding.rule}. {finding.way_out}")
        yield f"- {finding.severity} `{finding.code}` at {code(finding.where)}{at}: {said}"
    for text in told:
        yield f"- of the program: {escaped(' '.join(text.split()))}"
    yield ""


def _objects(steps: Steps) -> Iterator[str]:
    yield "## Objects, in the order in which they are created"
    yield ""
    yield "`sh apply.sh` applies them with kubectl, in this order, and stops at the first error."
    if any(step.patch for _, step in steps):
        yield "Patches are set on objects that others made, by `kubectl patch`; never apply them."
    yield ""
    yield "| file | kind | namespace | name |"
    yield "|---|---|---|---|"
    for name, step in steps:
        metadata, kind = step.manifest["metadata"], escaped(step.manifest["kind"])
        namespace = metadata.get("namespace", "–")
        yield f"| `{name}` | {kind} | {namespace} | {escaped(metadata['name'])} |"
