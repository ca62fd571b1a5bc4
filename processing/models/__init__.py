"""Memories and code objects with their vectors, the links between them, patterns found in them, and summaries.

`content_hash`, `search`, `processing_status` of a memory, code object or summary and the row that asks for its
embedding are kept by triggers (migration `0003_triggers`), so that a change by API, Studio or SQL is the same.
"""

from processing.contradictions.kinds import ContradictionKind
from processing.models.code import CodeFile, CodeObject
from processing.models.contradictions import Contradiction, ContradictionState
from processing.models.dynamics import Consolidation, Layer, MemoryAccess, MemoryAssociation, MemoryStrength
from processing.models.embeddings import Embedding, EmbeddingModel, EmbedQueue, SubjectKind
from processing.models.forgetting import ForgettingAct, ForgettingKind, ForgettingPolicy
from processing.models.links import CodeReference, LinkQueue, MemoryLink, TombstoneLink
from processing.models.memories import ForgottenMemory, Memory, ProcessingStatus, Role, Session
from processing.models.patterns import (
    Pattern,
    PatternCheckpoint,
    PatternOccurrence,
    PatternQueue,
    PatternScope,
    PatternState,
    PatternSubtype,
    PatternType,
    TopicLeader,
)
from processing.models.summaries import (
    Summary,
    SummaryKind,
    SummaryMethod,
    SummaryQueue,
    SummarySource,
    SummarySpending,
)

__all__ = [
    "CodeFile",
    "CodeObject",
    "CodeReference",
    "Consolidation",
    "Contradiction",
    "ContradictionKind",
    "ContradictionState",
    "EmbedQueue",
    "Embedding",
    "EmbeddingModel",
    "ForgettingAct",
    "ForgettingKind",
    "ForgettingPolicy",
    "ForgottenMemory",
    "Layer",
    "LinkQueue",
    "Memory",
    "MemoryAccess",
    "MemoryAssociation",
    "MemoryLink",
    "MemoryStrength",
    "Pattern",
    "PatternCheckpoint",
    "PatternOccurrence",
    "PatternQueue",
    "PatternScope",
    "PatternState",
    "PatternSubtype",
    "PatternType",
    "ProcessingStatus",
    "Role",
    "Session",
    "SubjectKind",
    "Summary",
    "SummaryKind",
    "SummaryMethod",
    "SummaryQueue",
    "SummarySource",
    "SummarySpending",
    "TombstoneLink",
    "TopicLeader",
]
