-- Rows that have still to reach a project's graph. Parameters: workspace, project. Result: one row (paths, memories).
SELECT (SELECT count(*) FROM graph_queue
        WHERE workspace_id = %(workspace)s AND project_id = %(project)s AND status IN ('pending', 'processing')),
       (SELECT count(*) FROM link_queue
        WHERE workspace_id = %(workspace)s AND status IN ('pending', 'processing'))
