"""The names and uids of what a file defines: one definition for the resolver and for the stored code objects."""

from __future__ import annotations

from graph.elements import NodeLabel, make_uid
from graph.facts import Definition

FILE_KIND = "file"
MODULE_KIND = "module"
CLASS_KINDS = frozenset(
    {"class", "interface", "enum", "type", "namespace", "object", "struct", "union", "trait", "module"}
    | {"table", "view", "section"}
)
_SOURCE_ROOT = "src/"
_INDEX_NAMES = ("__init__", "index")


def name_module(path: str) -> str:
    """Return the dotted module name of a path: of the path alone, so that no other file can change it."""
    folder, _, name = path.removeprefix(_SOURCE_ROOT).rpartition("/")
    stem = name.partition(".")[0] or name
    parts = [part for part in folder.split("/") if part]
    if stem not in _INDEX_NAMES or not parts:
        parts.append(stem)
    return ".".join(parts)


def qualify(path: str, definition: Definition) -> str:
    """Return a definition's dotted name, its module included."""
    return f"{name_module(path)}.{definition.qualified_name}"


def label_of(definition: Definition) -> NodeLabel:
    """Return the label of a definition's node."""
    return label_of_kind(definition.kind)


def label_of_kind(kind: str) -> NodeLabel:
    """Return the label of the node of a file or a definition of this kind."""
    if kind == FILE_KIND:
        return NodeLabel.FILE
    return NodeLabel.CLASS if kind in CLASS_KINDS else NodeLabel.FUNCTION


def file_uid(project_uid: str, path: str) -> str:
    """Return the uid of a file's node."""
    return make_uid(project_uid, path, FILE_KIND, "")


def definition_uid(project_uid: str, path: str, definition: Definition) -> str:
    """Return the uid of a definition's node."""
    return make_uid(project_uid, path, definition.kind, definition.qualified_name, definition.ordinal)


def module_uid(project_uid: str, module: str) -> str:
    """Return the uid of a module outside the project."""
    return make_uid(project_uid, "", MODULE_KIND, module)
