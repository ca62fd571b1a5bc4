-- What is written from here on in this transaction asks for work of this priority. Parameters: priority.
-- No result of interest.
SELECT set_config('app.work_priority', %(priority)s::smallint::text, true)
