-- Rows that still have work before them, of every stage. No parameters. Result: stage, count.
SELECT 'memory' AS stage, count(*) FROM memory_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'code', count(*) FROM code_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'embed', count(*) FROM embed_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'graph', count(*) FROM graph_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'link', count(*) FROM link_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'pattern', count(*) FROM pattern_queue WHERE status IN ('pending', 'processing')
UNION ALL SELECT 'summary', count(*) FROM summary_queue WHERE status IN ('pending', 'processing')
