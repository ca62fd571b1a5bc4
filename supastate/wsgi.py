"""The WSGI application: REST and Studio."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supastate.settings")
application = get_wsgi_application()

from supastate.startup import refuse_bad_configuration  # noqa: E402  (needs the applications loaded)

refuse_bad_configuration()
