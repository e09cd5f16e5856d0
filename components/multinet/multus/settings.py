"""Settings of Multus, the meta-CNI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from multinet import paths, versions
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.findings.ways_out import text_like
from multinet.settings import policy
from multinet.settings.references import Registry, read_reference, registry_findings
from multinet.settings.types import Directory, DnsLabel, Duration, ImageText, Port, Quantity


class ApiServerSettings(CheckedModel):
    """How Multus reaches the API server where service addresses do not work yet."""

    host: Annotated[
        str,
        text_like(
            r"^[A-Za-z0-9.:_-]+$",
            "must be an address or a name, without scheme and port",
            "write it like 192.0.2.10; the port has a key of its own",
            min_length=1,
            max_length=253,
        ),
    ]
    """Address or name."""
    port: Port = 6443
    """TCP port."""


class ResourceAmounts(CheckedModel):
    """Amounts for a container."""

    cpu: Quantity | None = None
    """Such as 100m; absent: none."""
    memory: Quantity | None = None
    """Such as 64Mi; absent: none."""

    def as_dict(self) -> dict[str, str]:
        """As Kubernetes takes it."""
        return self.model_dump(exclude_none=True)


class ResourceSettings(CheckedModel):
    """Requests and limits of Multus's container.

    No CPU limit by default: thick runs the CNI plugins inside the daemon's container, and a
    limit of 100m made fifteen pods with one network start in 39 s instead of 4.5 s. The memory
    limit is roomy: at 50Mi bursts of pods got it killed (multus-cni#1346).
    """

    requests: ResourceAmounts = ResourceAmounts(cpu="100m", memory="64Mi")
    """What is kept for it."""
    limits: ResourceAmounts = ResourceAmounts(memory="512Mi")
    """What it may take."""

    def rules(self) -> Iterator[Finding]:
        if self.limits.cpu is not None:
            rule = "a CPU limit throttles every attach: the plugins run inside this container"
            way_out = "leave limits.cpu out; requests.cpu keeps its share"
            path, value = ("limits", "cpu"), self.limits.cpu
            yield Finding("cpu-limit", path, rule, way_out, value, Severity.WARNING)


class MultusSettings(CheckedModel):
    """How Multus runs."""

    enabled: bool = True
    """false: the cluster has a Multus that others manage."""
    mode: Literal["thick", "thin"] = "thick"
    """thick: a daemon on each node and a shim; thin: one binary, no daemon."""
    namespace: DnsLabel = "kube-system"
    """Where Multus runs."""
    image: ImageText | None = None
    """A whole reference, by tag or better by digest; absent: the pinned release. One for thick
    needs a POSIX shell with cat, grep, mv, rm, sed, sleep, stat, tail and test, as upstream's.
    """
    registry: Registry | None = None
    """A mirror's prefix for the pinned release, e.g. `registry.example.org/mirror`."""
    namespace_isolation: bool = True
    """A pod may only use networks of its own namespace and of globalNamespaces."""
    global_namespaces: list[DnsLabel] = ["default", "kube-system"]
    """Namespaces whose networks every pod may use."""
    distribution: paths.Distribution = "kubeadm"
    """Which CNI directories the nodes have."""
    cni_conf_dir: Directory | None = None
    """Directory of CNI configurations on the nodes; absent: the distribution's."""
    cni_bin_dir: Directory | None = None
    """Directory of CNI plugins on the nodes; absent: the distribution's."""
    api_server: ApiServerSettings | None = None
    """How Multus reaches the API server where services do not work yet."""
    log_level: Literal["debug", "verbose", "error", "panic"] = "verbose"
    """How much Multus logs."""
    resources: ResourceSettings = ResourceSettings()
    """Requests and limits of Multus's container."""
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    @property
    def dirs(self) -> paths.CniDirs:
        """The CNI directories on a node."""
        preset = paths.CNI_DIRS[self.distribution]
        conf, binaries = self.cni_conf_dir or preset.conf, self.cni_bin_dir or preset.bin
        return paths.CniDirs(conf, binaries, preset.netns)

    @property
    def effective_image(self) -> str:
        """The image reference that runs."""
        if self.image:
            return self.image
        tag = f"{versions.MULTUS}-thick" if self.mode == "thick" else versions.MULTUS
        return versions.MULTUS_IMAGE.at(tag, self.registry or "")

    @property
    def version(self) -> str:
        """What runs: the pinned release, or the tag or digest of the image that was given."""
        if not self.image:
            return versions.MULTUS
        name = self.image.rsplit("/", 1)[-1]
        return name.partition("@")[2] or name.partition(":")[2] or "latest"

    def rules(self) -> Iterator[Finding]:
        yield from apart(
            self._whole_image(), self._registry(), self._image(), self._open(), self._of_mode()
        )

    def _whole_image(self) -> Iterator[Finding]:
        if self.image and self.registry:
            rule = "'image' is a whole reference, 'registry' then has no effect"
            yield Finding("registry-and-image", ("registry",), rule, "keep one of the two")

    def _registry(self) -> Iterator[Finding]:
        yield from registry_findings(self.registry, ("registry",)) if self.registry else ()

    def _image(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))

    def _open(self) -> Iterator[Finding]:
        if not self.namespace_isolation:
            rule = "pods of every namespace can attach to every network, also to those of others"
            way_out = "leave it out, and list shared networks' namespaces in globalNamespaces"
            path, warning = ("namespaceIsolation",), Severity.WARNING
            yield Finding("namespaces-not-isolated", path, rule, way_out, False, warning)

    def _of_mode(self) -> Iterator[Finding]:
        yield from _other_mode(self.image, self.mode) if self.image else ()


def _other_mode(image: str, mode: str) -> Iterator[Finding]:
    """Whether an image is of the other mode, by its tag: its container would not start.

    Certain of upstream's own, wherever they are mirrored (multus-cni's release workflows, v3.9 to
    v4.3); others may call theirs as they like.
    """
    reference = read_reference(image)
    tag = (reference["tag"] or "") if reference else ""
    if reference is None or not _RELEASED.match(tag):
        return
    thick = "-thick" in tag or "thick" in reference["name"].rpartition("/")[2]
    if thick == (mode == "thick"):
        return
    kind, other = (
        ("thick", f"mode: thick, or {tag.replace('-thick', '')}")
        if thick
        else ("thin", f"mode: thin, or {tag}-thick")
    )
    rule = f"is a {kind} image, and mode is {mode}: what it is started with is not in it"
    certain = reference["name"].endswith(_UPSTREAM)
    severity = Severity.ERROR if certain else Severity.WARNING
    yield Finding("image-mode", ("image",), rule, f"write {other}", image, severity)


_UPSTREAM = "k8snetworkplumbingwg/multus-cni"
_RELEASED = re.compile(r"v\d|snapshot|stable|latest")
