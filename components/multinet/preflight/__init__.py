"""What a node must have before anything is changed: asked over SSH, told all at once."""
