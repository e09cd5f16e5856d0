"""A Kubernetes cluster with several networks per pod, as one stack."""

import sys
from pathlib import Path

# `pulumi up` in a fresh checkout installs requirements.txt, which cannot name a directory: pip
# has no hash of one.
sys.path.insert(0, str(Path(__file__).resolve().with_name("components")))

from multinet import Environment

# Settings → a look at the cluster → nodes → primary CNI → Multus → networks: all that the stack's
# configuration says, refused with every problem at once before anything is created.
environment = Environment.from_config()

# Outputs: what other stacks attach their pods with.
environment.export()
