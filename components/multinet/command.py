"""pulumi-command's modules, loaded without the warning that it gives about itself."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Its deprecated CopyFile warns when the module is loaded, not when it is used.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pulumi_command import local, remote

    Command = local.Command | remote.Command

__all__ = ["Command", "local", "remote"]
