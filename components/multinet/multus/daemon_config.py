"""What Multus itself is configured with: the thick daemon's JSON, the thin entrypoint's flags.

Keys and flags: multus-cni v4.3.0, pkg/server and cmd/thin_entrypoint.
"""

from __future__ import annotations

import json

from multinet.multus.settings import MultusSettings

HOST_ROOT = "/hostroot"
HOST_CONF_DIR = "/host/etc/cni/net.d"
HOST_BIN_DIR = "/host/opt/cni/bin"
HOST_RUN = "/host/run/multus/"
OWN_DIR = "/run/multinet"
"""Where the thick daemon writes, and scripts/daemon.sh takes it from."""

# The oldest version of the specification that Multus speaks to the runtime. From 0.4.0 on the
# daemon refuses a primary with an older configuration, and Calico's is 0.3.1 (multus-cni#561).
_CNI_VERSION = "0.3.1"


def daemon_config(settings: MultusSettings, primary_conf_file: str) -> str:
    """The thick daemon's `daemon-config.json`.

    `primary_conf_file`: name of the primary's file in the configuration directory. Naming it
    keeps Multus from picking whichever file sorts first when two are there (multus-cni#1499).
    """
    config: dict[str, object] = {
        "cniVersion": _CNI_VERSION,
        "chrootDir": HOST_ROOT,
        "socketDir": HOST_RUN,
        "cniConfigDir": OWN_DIR,
        "multusAutoconfigDir": HOST_CONF_DIR,
        "multusConfigFile": "auto",
        "multusMasterCNI": primary_conf_file,
        "binDir": settings.dirs.bin,
        "logLevel": settings.log_level,
        "logToStderr": True,
        "namespaceIsolation": settings.namespace_isolation,
    }
    if settings.namespace_isolation:
        config["globalNamespaces"] = ",".join(settings.global_namespaces)
    return json.dumps(config, indent=2) + "\n"


def thin_flags(settings: MultusSettings, primary_conf_file: str) -> list[str]:
    """Flags of `/thin_entrypoint`.

    cleanup-config-on-exit is what makes the entrypoint watch: without it an expired token and
    a changed primary configuration stay as they were (multus-cni#1263), and 00-multus.conf
    outlives Multus.
    """
    flags = [
        "--multus-conf-file=auto",
        f"--cni-conf-dir={HOST_CONF_DIR}",
        f"--cni-bin-dir={HOST_BIN_DIR}",
        f"--multus-autoconfig-dir={HOST_CONF_DIR}",
        f"--multus-master-cni-file-name={primary_conf_file}",
        f"--multus-kubeconfig-file-host={settings.dirs.conf}/multus.d/multus.kubeconfig",
        f"--additional-bin-dir={settings.dirs.bin}",
        f"--multus-log-level={settings.log_level}",
        "--multus-log-to-stderr=true",
        "--cleanup-config-on-exit=true",
        f"--namespace-isolation={str(settings.namespace_isolation).lower()}",
    ]
    if settings.namespace_isolation:
        flags.append(f"--global-namespaces={','.join(settings.global_namespaces)}")
    return flags
