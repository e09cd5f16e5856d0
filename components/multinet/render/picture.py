"""The networks of an environment as a Mermaid flowchart: pod → interfaces → node's links."""

from __future__ import annotations

from multinet.settings import StackSettings

_MOST_NETWORKS = 40


def picture(settings: StackSettings) -> str:
    """A pod, its possible interfaces, and what each hangs on. Beyond 40 networks: a count."""
    primary = settings.primary_cni
    lines = ["flowchart LR", '  pod(["pod"])']
    pods = ", ".join(primary.pod_cidrs)
    lines.append(f'  primary["{primary.plugin}<br/>{pods}"]')
    lines.append("  pod -- eth0 --> primary")
    links: dict[str, str] = {}
    shown = list(settings.networks.items())[:_MOST_NETWORKS]
    for i, (name, network) in enumerate(shown, start=1):
        main = network.config.main
        addresses = "<br/>".join(network.config.subnets()) or "no addresses of its own"
        lines.append(
            f'  net{i}["{network.namespace}/{name}<br/>{_plain(main.type)}<br/>{addresses}"]'
        )
        lines.append(f"  pod -. net .-> net{i}")
        if parent := main.parent_link():
            link = links.setdefault(parent, f"link{len(links) + 1}")
            lines.append(f"  net{i} --- {link}")
    lines += [f'  {link}[["{_plain(parent)}"]]' for parent, link in links.items()]
    if len(settings.networks) > _MOST_NETWORKS:
        lines.append(f'  more["and {len(settings.networks) - _MOST_NETWORKS} more networks"]')
        lines.append("  pod -. net .-> more")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text without characters that end a Mermaid label."""
    return "".join(c if c.isalnum() or c in " .-_:/@" else "_" for c in text)
