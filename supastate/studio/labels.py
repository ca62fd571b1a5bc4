"""Colours of the states that Studio shows as labels."""

from collections.abc import Mapping

from processing.models import ProcessingStatus, Role
from supastate.queueing.models import Status
from supastate.workspaces.models import Visibility

QUEUE_STATUS: Mapping[str, str] = {
    Status.PENDING: "info",
    Status.PROCESSING: "warning",
    Status.COMPLETED: "success",
    Status.DEAD: "danger",
}
PROCESSING_STATUS: Mapping[str, str] = {
    ProcessingStatus.PENDING: "warning",
    ProcessingStatus.EMBEDDED: "success",
    ProcessingStatus.FAILED: "danger",
    ProcessingStatus.TEXT_ONLY: "default",
}
ROLES: Mapping[str, str] = {
    Role.USER: "info",
    Role.ASSISTANT: "primary",
    Role.TOOL: "default",
    Role.SYSTEM: "warning",
}
VISIBILITY: Mapping[str, str] = {Visibility.WORKSPACE: "default", Visibility.PRIVATE: "warning"}
