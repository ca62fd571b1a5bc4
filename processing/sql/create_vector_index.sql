-- The index of one model's vectors of one kind. Placeholders: index (name), dimensions, model, kind. By the owner's
-- role, outside a transaction: nothing waits for it, and it may take minutes. Recall at 50 of 100,000 with ef_search
-- 200 is 0.989, and 0.939 with pgvector's ef_construction of 64.
CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON processing_embedding
USING hnsw ((vector::halfvec({dimensions})) halfvec_cosine_ops)
WITH (ef_construction = 128)
WHERE model = {model} AND subject_kind = {kind}
