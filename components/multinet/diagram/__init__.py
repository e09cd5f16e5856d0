"""An environment as a picture: what a pod's interfaces hang on, down to the nodes' links."""

from multinet.diagram.mermaid import mermaid
from multinet.diagram.model import Diagram, whole
from multinet.diagram.svg import svg
from multinet.diagram.together import diagram

__all__ = ["Diagram", "diagram", "mermaid", "svg", "whole"]
