"""Run by itself: what Ansible makes of inventories' variables, for each host, as JSON.

Standard input: the inventories' files, a line each; a playbook is two directories above each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def variables(file: Path) -> dict[str, dict[str, Any]]:
    """Each host's variables as a play has them."""
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    from ansible.playbook.play import Play
    from ansible.vars.manager import VariableManager

    loader = DataLoader()
    loader.set_basedir(str(file.parent.parent.parent))
    inventory = InventoryManager(loader=loader, sources=[str(file)])
    manager = VariableManager(loader=loader, inventory=inventory)
    play = Play().load({"hosts": "all", "name": "x", "tasks": []}, loader, manager)
    return {
        host.name: manager.get_vars(play=play, host=host, include_hostvars=False)
        for host in inventory.get_hosts()
    }


if __name__ == "__main__":
    from ansible.parsing.ajson import AnsibleJSONEncoder
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader()
    found = {name: variables(Path(name)) for name in sys.stdin.read().splitlines()}
    print(json.dumps(found, cls=AnsibleJSONEncoder, default=repr))
