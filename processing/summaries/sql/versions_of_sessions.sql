-- The present fingerprint of what summaries of sessions rest on. Parameters: sessions (uuid[]). Result: place (in the
-- array, from 1), version. When a session's memories last changed is kept by a trigger.
SELECT asked.place, md5(coalesce(session.changed_at::text, ''))
FROM unnest(%(sessions)s::uuid[]) WITH ORDINALITY AS asked (id, place)
JOIN processing_session AS session ON session.id = asked.id
