"""What the API server lets a pod's annotation say, since Multus does not look at it here.

Multus holds a pod's networks to its namespace isolation when the pod starts; what is delegated to
its daemon later is attached as it is (multus-cni v4.3.0, pkg/server, HandleDelegateRequest). So who
may change a pod could attach it to every network of the cluster. The policy holds the annotation to
the same rule before it is written, at a creation as well: a pod that started while Multus was not
up was looked at by nobody.

The expressions are CEL. There is no JSON in it, so the annotation is read by its text: JSON with an
escape or a character beyond ASCII, which could hide a key, is refused where it would matter.
"""

from __future__ import annotations

import json
from typing import Any, Final

from multinet.addons.dynamic_networks.names import LABELS, NAME
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.site import SiteSettings
from multinet.names import NETWORKS

Manifest = dict[str, Any]

_API: Final = "admissionregistration.k8s.io/v1"
_KEY: Final = json.dumps(NETWORKS)
_GIVEN: Final = f"object.metadata.?annotations[{_KEY}].orValue('')"
_BEFORE: Final = f"oldObject.metadata.?annotations[{_KEY}].orValue('')"

# As the controller tells the two forms apart (pkg/annotations).
_IS_JSON: Final = r"variables.given.matches('[\\[{\"]')"
_PLAIN: Final = r"variables.given.matches('^[\\x09\\x0a\\x0d\\x20-\\x5b\\x5d-\\x7e]*$')"
_NAMESPACES: Final = (
    "variables.json"
    r""" ? variables.given.findAll('(?i)"namespace"\\s*:\\s*"[^"]*"')"""
    r""".map(each, each.substring(each.indexOf(':')).replace(':', '').trim().replace('"', ''))"""
    " : variables.given.split(',').filter(each, each.contains('/'))"
    ".map(each, each.split('/')[0].trim())"
)
_NAMED: Final = (
    "variables.json"
    r""" ? variables.given.findAll('(?i)"interface"\\s*:\\s*"[^"]+"').size()"""
    r""" >= variables.given.findAll('(?i)"name"\\s*:').size()"""
    " : variables.given.split(',').all(each, each.contains('@'))"
)


def policy(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """What is refused, and in which words."""
    shared = ", ".join(json.dumps(name) for name in sorted(site.multus.global_namespaces))
    validations = [
        {
            "expression": "variables.plain",
            "message": f"{NETWORKS}: write it in plain ASCII, without backslashes",
        },
    ]
    if site.multus.namespace_isolation:
        allowed = f"each == request.namespace || each == '' || each in [{shared}]"
        validations.append(
            {
                "expression": f"variables.namespaces.all(each, {allowed})",
                "messageExpression": (
                    f"'{NETWORKS}: pods of ' + request.namespace + ' may use networks of their own"
                    f" namespace and of {', '.join(sorted(site.multus.global_namespaces))}: '"
                    " + variables.given"
                ),
            }
        )
    validations.append(
        {
            "expression": f"oldObject == null || variables.given == '' || ({_NAMED})",
            "message": (
                f"{NETWORKS}: name every network's interface, as lan@net1, also of those that the pod"
                " has: by it the controller knows which is which"
            ),
        }
    )
    return {
        "apiVersion": _API,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": NAME, "labels": LABELS},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": [""],
                        "apiVersions": ["v1"],
                        "operations": ["CREATE", "UPDATE"],
                        # A status is written with its annotations, too.
                        "resources": ["pods", "pods/status"],
                    }
                ]
            },
            # Nothing else about a pod is looked at, nor what it had before.
            "matchConditions": [
                {
                    "name": "networks-change",
                    "expression": f"{_GIVEN} != (oldObject == null ? '' : {_BEFORE})",
                }
            ],
            "variables": [
                {"name": "given", "expression": _GIVEN},
                {"name": "json", "expression": _IS_JSON},
                {"name": "plain", "expression": _PLAIN},
                {"name": "namespaces", "expression": _NAMESPACES},
            ],
            "validations": validations,
        },
    }


def binding(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """For all pods of the cluster."""
    del site
    return {
        "apiVersion": _API,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": NAME, "labels": LABELS},
        "spec": {"policyName": NAME, "validationActions": ["Deny"]},
    }
