"""From a kubeconfig to a connected cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from multinet.live.cluster import Cluster
from multinet.live.errors import UnreachableError, one_line
from multinet.live.kubeconfig import is_contents, is_readable


def connect(kubeconfig: str | None = None, context: str | None = None) -> Cluster:
    """Connect to a cluster and ask it for its version.

    Args:
        kubeconfig: a file's path, or a kubeconfig's contents (YAML or JSON); None: the ambient
            one: KUBECONFIG, ~/.kube/config, or the service account of the pod this runs in.
        context: which of its contexts; None: its current one.

    Raises UnreachableError, in one line and without a secret, when there is no such file or
    context, nobody answers, or the credentials are not accepted.
    """
    from kubernetes import client

    configuration = client.Configuration()
    _load(configuration, kubeconfig, context)
    # A refused connection is told at once, instead of three more times with a warning each.
    configuration.retries = False
    configuration.connection_pool_maxsize = 32
    cluster = Cluster(configuration)
    cluster.version()
    return cluster


def _load(configuration: Any, kubeconfig: str | None, context: str | None) -> None:
    from kubernetes import config
    from kubernetes.config.config_exception import ConfigException

    try:
        if kubeconfig is None:
            _load_ambient(configuration, context)
        elif is_contents(kubeconfig):
            config.load_kube_config_from_dict(
                _parsed(kubeconfig), context=context, client_configuration=configuration
            )
        else:
            path = Path(kubeconfig).expanduser()
            if not is_readable(path):
                raise UnreachableError(f"kubeconfig {one_line(str(path))} is not a file")
            config.load_kube_config(
                str(path), context, client_configuration=configuration, persist_config=False
            )
    except ConfigException as error:
        raise UnreachableError(f"kubeconfig: {_safe(error)}") from None
    except UnreachableError:
        raise
    except Exception as error:
        # Whatever is wrong with the file: its text, which holds secrets, is not shown.
        name = type(error).__name__
        raise UnreachableError(f"the kubeconfig cannot be read ({name})") from None


def _load_ambient(configuration: Any, context: str | None) -> None:
    from kubernetes import config
    from kubernetes.config.config_exception import ConfigException
    from kubernetes.config.kube_config import KUBE_CONFIG_DEFAULT_LOCATION

    files = [Path(p).expanduser() for p in KUBE_CONFIG_DEFAULT_LOCATION.split(":") if p]
    if any(is_readable(file) for file in files):
        config.load_kube_config(
            context=context, client_configuration=configuration, persist_config=False
        )
        return
    try:
        config.load_incluster_config(client_configuration=configuration)
    except ConfigException:
        tried = ", ".join(str(file) for file in files) or "KUBECONFIG"
        raise UnreachableError(
            f"there is no kubeconfig ({one_line(tried)}): set KUBECONFIG, or the environment's"
            " `kubeconfig` (multinet:kubeconfig in a stack file); commands take --kubeconfig as well"
        ) from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnreachableError("the kubeconfig is neither a file's path nor valid YAML")
    return document


def _safe(error: Exception) -> str:
    """The library's words, as long as they name keys and files rather than contents."""
    said = one_line(str(error))
    return said if len(said) < 200 else said[:100] + "…"
