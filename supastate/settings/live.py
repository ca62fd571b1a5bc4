"""The settings of the live process: those of all, with its own addresses, and without sessions and Studio."""

from supastate.settings import *  # noqa: F403  (every setting is shared)

ROOT_URLCONF = "supastate.live.urls"
MIDDLEWARE = [
    "supastate.api.middleware.add_request_id",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
