-- Hybrid search. `visible` takes a kind's visible_*.sql, with that statement's filters; the other placeholders take
-- the parts in the folder `hybrid`, with their parameters.
-- Parameters besides: what is nearest by meaning (nearest_*.sql), as arrays of one length: near_ids, distances,
-- chunk_starts, chunk_ends; words (tsquery texts, one a word, by which rows are found and scored), passed_over (those
-- words by which rows are scored only), gathering (tsquery texts, by which rows are found only), exact (tsquery text or
-- NULL), phrase (text in lower case or NULL), speaker (a role or NULL); candidates, postings; the fields of `Ranking`;
-- size, after_score, after_id.
-- Result: id, score, vector_rank, distance, vector_part, text_rank, text_score, text_part, exact_part, speaker_part,
-- recency_part, graph_part, activation_part, collapsed (wire ids), chunk_start, chunk_end; best first. The score is
-- the sum of its parts.
--
-- Filters stand inside both candidate lists, never after their LIMIT.
--
-- Text: each word gives at most `postings` rows, by index alone, so that a word of every row costs no more than a
-- rare one. A word's weight is BM25's idf among the rows found; one that is passed over counts as if it had given
-- `postings` rows that no other word found. The best by idf and stored size are scored in full, and so is what is
-- nearest by meaning, as of many texts most rows of a word are never seen:
-- idf * ts_rank (which weighs fields and levels off with repetition), divided by a power of the number of lexemes.
-- Fusion: weighted reciprocal ranks, weight / (rank_offset + rank). Boosts are shares of that sum, `relevance`.
WITH visible AS NOT MATERIALIZED (
    {visible}
), by_meaning AS (
    SELECT id, distance, chunk_start, chunk_end, row_number() OVER (ORDER BY distance, id) AS rank
    FROM unnest(
        %(near_ids)s::uuid[], %(distances)s::float8[], %(chunk_starts)s::integer[], %(chunk_ends)s::integer[]
    ) AS nearest (id, distance, chunk_start, chunk_end)
), word AS (
    SELECT number, query::tsquery AS query, number <= cardinality(%(words)s::text[]) AS is_scored,
           query <> ALL(%(passed_over)s::text[]) AS is_gathered
    FROM unnest(%(words)s::text[] || %(gathering)s::text[]) WITH ORDINALITY AS item (query, number)
), posting AS MATERIALIZED (
    SELECT word.number, found.id, found.size
    FROM word CROSS JOIN LATERAL (
        SELECT visible.id, pg_column_size(visible.search) AS size
        FROM visible
        WHERE visible.search @@ word.query
        LIMIT %(postings)s
    ) AS found
    WHERE word.is_gathered
), rarity AS (
    SELECT number, ln(1 + (whole.count - found.count + 0.5) / (found.count + 0.5)) AS idf
    FROM (
        SELECT number, count(*) FROM posting GROUP BY number
        UNION ALL
        SELECT number, %(postings)s FROM word WHERE NOT is_gathered
    ) AS found CROSS JOIN (
        SELECT count(DISTINCT id) + %(postings)s * cardinality(%(passed_over)s::text[]) AS count FROM posting
    ) AS whole
), shortlist AS (
    SELECT posting.id
    FROM posting JOIN rarity USING (number)
    GROUP BY posting.id
    ORDER BY sum(rarity.idf) / sqrt(min(posting.size)) DESC, posting.id
    LIMIT %(candidates)s
), read AS MATERIALIZED (
    SELECT visible.id, visible.search || ''::tsvector AS search  -- reads a vector that is stored apart once
    FROM (SELECT id FROM shortlist UNION SELECT id FROM by_meaning) AS chosen JOIN visible USING (id)
), matching AS (
    SELECT read.id, found.weight / power(length(read.search), %(length_power)s::float8) AS text_score
    FROM read CROSS JOIN LATERAL (
        SELECT sum(rarity.idf * ts_rank(%(field_weights)s::real[], read.search, word.query)) AS weight
        FROM word JOIN rarity USING (number)
        WHERE word.is_scored AND read.search @@ word.query
    ) AS found
    WHERE found.weight > 0
    ORDER BY text_score DESC, read.id
    LIMIT %(candidates)s
), by_words AS (
    SELECT id, text_score, rank() OVER (ORDER BY text_score DESC) AS rank FROM matching
), joined AS (
    SELECT id, by_meaning.rank AS vector_rank, by_meaning.distance, by_words.rank AS text_rank,
           by_words.text_score, by_meaning.chunk_start, by_meaning.chunk_end,
           coalesce(%(vector_weight)s::float8 / (%(rank_offset)s + by_meaning.rank), 0) AS vector_part,
           coalesce(%(text_weight)s::float8 / (%(rank_offset)s + by_words.rank), 0) AS text_part
    FROM by_meaning FULL OUTER JOIN by_words USING (id)
), fused AS MATERIALIZED (
    SELECT *, vector_part + text_part AS relevance FROM joined
), best AS MATERIALIZED (
    SELECT id, relevance FROM fused ORDER BY relevance DESC, id DESC LIMIT %(best)s
), linked AS MATERIALIZED (
    {linked}
), used AS MATERIALIZED (
    {used}
), boosted AS (
    SELECT fused.*, visible.wire_id, visible.content_hash, visible.same_text::text,
           CASE WHEN visible.search @@ %(exact)s::tsquery THEN 2.0::float8
                WHEN strpos(lower(visible.content), %(phrase)s) > 0 THEN 1.0::float8
                ELSE 0 END AS exact_part,
           CASE WHEN visible.speaker = %(speaker)s THEN %(speaker_boost)s * fused.relevance ELSE 0 END AS speaker_part,
           coalesce(%(recency_boost)s::float8 * power(
               2, -greatest(current_date - visible.moment::date, 0) / %(recency_days)s::float8), 0)
           * fused.relevance AS recency_part,
           coalesce(linked.part, 0) AS graph_part,
           coalesce(%(activation_boost)s * used.activation, 0) * fused.relevance AS activation_part
    FROM fused JOIN visible USING (id) LEFT JOIN linked USING (id) LEFT JOIN used USING (id)
), alike AS MATERIALIZED (
    {alike}
), scored AS (
    SELECT boosted.*, coalesce(alike.said, same_text) AS said,
           relevance + exact_part + speaker_part + recency_part + graph_part + activation_part AS score
    FROM boosted LEFT JOIN alike USING (same_text)
), placed AS (
    SELECT *, row_number() OVER same AS place, array_agg(wire_id) OVER same AS alike
    FROM scored
    WINDOW same AS (
        PARTITION BY CASE WHEN %(collapses)s THEN said ELSE id::text END
        ORDER BY score DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT id, score, vector_rank, distance, vector_part, text_rank, text_score, text_part, exact_part, speaker_part,
       recency_part, graph_part, activation_part, alike[2:] AS collapsed, chunk_start, chunk_end
FROM placed
WHERE place = 1 AND (%(after_score)s::float8 IS NULL OR (score, id) < (%(after_score)s, %(after_id)s::uuid))
ORDER BY score DESC, id DESC
LIMIT %(size)s
