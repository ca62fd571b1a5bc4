"""The wire form of a memory, the same wherever one is shown whole."""

from __future__ import annotations

from typing import Any

from processing.models import Memory, MemoryLink, MemoryStrength


def describe_memory(memory: Memory) -> dict[str, Any]:
    """Return a memory read by `select_memories`. A session or project that the reader may not see is null."""
    project, session = memory.project, memory.session
    return {
        "id": memory.pk,
        "content": memory.content,
        "role": memory.role,
        "type": memory.type or None,
        "importance": memory.importance,
        "setByHand": memory.set_by_hand,
        "strength": describe_strength(memory),
        "metadata": memory.metadata,
        "filePaths": memory.file_paths,
        "tool": memory.tool,
        "project": {"id": project.pk, "name": project.name, "identity": project.identity} if project else None,
        "session": {"id": session.pk, "key": session.key} if session else None,
        "author": {"id": memory.author_id, "name": memory.author.get_username()},
        "visibility": memory.visibility,
        "occurredAt": memory.occurred_at,
        "createdAt": memory.created_at,
        "updatedAt": memory.updated_at,
        "processingStatus": memory.processing_status,
        "forgottenAt": memory.forgotten_at,
        "source": {"line": memory.source_line, "batchId": memory.batch_id},
    }


def describe_strength(memory: Memory) -> dict[str, Any]:
    """Return how strong a memory was when it was last consolidated; one that never was is fresh."""
    strength = getattr(memory, "strength", None) or MemoryStrength()
    return {
        "layer": strength.layer,
        "working": round(strength.working, 3),
        "core": round(strength.core, 3),
        "pinned": strength.pinned,
        "accessCount": strength.access_count,
        "lastAccessedAt": strength.last_accessed_at,
        "consolidatedAt": strength.consolidated_at,
    }


def describe_link(link: MemoryLink) -> dict[str, Any]:
    """Return why a memory is about a piece of code, and how sure that is (0 to 1)."""
    code = link.code_object
    return {
        "uid": code.uid,
        "name": code.name,
        "qualifiedName": code.qualified_name,
        "path": code.file.path,
        "edge": link.edge,
        "how": link.how,
        "confidence": link.confidence,
    }
