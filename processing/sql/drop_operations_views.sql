-- No parameters; the views that read queue_rows go first.
DROP VIEW table_sizes, batch_progress, queue_pace, queue_dead_letters, queue_depth, queue_rows;
