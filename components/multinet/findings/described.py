"""What stands under each field of a model: the one text for schemas, pages and editors.

pydantic can read it as well (`use_attribute_docstrings`), but does so whenever a class is made: a
third of what every command takes to start. Here it is read when a schema or a page is made.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Mapping

from pydantic import BaseModel


def field_texts(model: type[BaseModel]) -> dict[str, str]:
    """Field → the text under it, in one line; those of its bases, where it says nothing itself."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= _of_module(base.__module__).get(base.__qualname__, {})
    return {name: found[name] for name in model.model_fields if name in found}


@functools.cache
def _of_module(name: str) -> Mapping[str, Mapping[str, str]]:
    """Class → field → text; nothing where the source is not at hand."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (OSError, KeyError):
        return {}
    return {node.name: _texts(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, under in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            text = under.value if isinstance(under, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[field.target.id] = " ".join(text.value.split())
    return found
