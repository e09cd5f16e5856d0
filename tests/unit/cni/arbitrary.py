"""JSON of any shape, and JSON that is nearly a network's configuration."""

from __future__ import annotations

from hypothesis import strategies as st
from pydantic import BaseModel

from multinet.cni.conf_list import ConfList
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5)
    ),
    max_leaves=25,
)
_MODELS: list[type[BaseModel]] = [*PLUGINS.values(), *IPAM_PLUGINS.values(), ConfList]
_KEYS = sorted(
    {field.alias or name for model in _MODELS for name, field in model.model_fields.items()}
    | {"args", "cni.dev/x", "plugins"}
)
_TYPES = st.sampled_from([*PLUGINS, *IPAM_PLUGINS, "multus", "other", ""])
NEARLY = st.recursive(
    JSON
    | st.sampled_from(
        ["10.0.0.0/24", "fd00::/64", "10.0.0.5", "fd00::1", "eth0", "1.0.0", "0.1.0"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=7)
        | st.builds(
            lambda t, d: {**d, "type": t},
            _TYPES,
            st.dictionaries(st.sampled_from(_KEYS), inner, max_size=7),
        )
    ),
    max_leaves=40,
)
