import type { z } from 'zod'
import { Prisma } from '../generated/prisma/client'
import type { Db } from '../database/db'
import { findPhraseSeconds } from './phrase-seconds'
import type { CaptionHit, captionSearchSchema, CueWord } from './schema'

/** A phrase may extend over this many cues after its first one, which the statement below counts on. */
const LOOKAHEAD_CUES = 2

/**
 * Searches cues for a phrase, in any form of its words in the language of the track; its last word may be a prefix. A phrase
 * may extend over several cues, as cues are split by length. Results are ordered by video, newest first, then by time.
 *
 * The longest word, usually the rarest, selects candidates by the index; their surrounding words are then compared.
 */
export async function searchCaptions(
  db: Db,
  { q, videoId, limit, ownerId }: z.infer<typeof captionSearchSchema> & { ownerId: string },
): Promise<CaptionHit[]> {
  if (!/[\p{L}\p{N}]/u.test(q)) return []
  const inVideo = videoId ? Prisma.sql`AND c."videoId" = ${videoId}::uuid` : Prisma.empty
  const rows = await db.$queryRaw<FoundCue[]>`
    WITH queries AS MATERIALIZED (
      SELECT language, queries.* FROM (
        SELECT DISTINCT c.language FROM caption c WHERE c."ownerId" = ${ownerId} ${inVideo}
      ) languages CROSS JOIN LATERAL search_queries(${q}, search_config(language)) queries
    ), anchors AS (
      SELECT q.id, q."captionId", q."startSeconds" FROM caption_cue q
      JOIN caption c ON c.id = q."captionId"
      WHERE c."ownerId" = ${ownerId} ${inVideo}
        AND q.search @@ (SELECT string_agg(DISTINCT anchor::text, ' | ')::tsquery FROM queries)
      LIMIT 20000
    ), starts AS (
      SELECT DISTINCT s.id FROM anchors a CROSS JOIN LATERAL (
        SELECT b.id FROM caption_cue b
        WHERE b."captionId" = a."captionId" AND NOT b."isRemoved"
          AND (b."startSeconds", b.id) <= (a."startSeconds", a.id)
        ORDER BY b."startSeconds" DESC, b.id DESC LIMIT ${LOOKAHEAD_CUES + 1}
      ) s
    ), passages AS (
      SELECT q.*, following.text AS following,
        coalesce(searches[1], '') || coalesce(searches[2], '') AS "followingSearch"
      FROM caption_cue q JOIN starts USING (id) CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(text, ' ' ORDER BY "startSeconds", id), '') AS text,
          array_agg(search ORDER BY "startSeconds", id) AS searches
        FROM (
          SELECT b.text, b.search, b."startSeconds", b.id FROM caption_cue b
          WHERE b."captionId" = q."captionId" AND NOT b."isRemoved"
            AND (b."startSeconds", b.id) > (q."startSeconds", q.id)
          ORDER BY b."startSeconds", b.id LIMIT ${LOOKAHEAD_CUES}
        ) next
      ) following
    )
    SELECT c."videoId", v.title AS "videoTitle", c.id AS "captionId", c.language, p.id AS "cueId",
      p."startSeconds", p."endSeconds", p.speaker, p.text, p.words,
      CASE WHEN p.search @@ phrase THEN '' ELSE p.following END AS following
    FROM passages p JOIN caption c ON c.id = p."captionId" JOIN video v ON v.id = c."videoId" JOIN queries USING (language)
    WHERE v."deletedAt" IS NULL AND (p.search @@ phrase
      OR (p.search || p."followingSearch") @@ phrase AND NOT p."followingSearch" @@ phrase)
    ORDER BY v."createdAt" DESC, v.id, p."startSeconds", p.id LIMIT ${limit}`
  return rows.map((row) => toHit(row, q))
}

/** A cue in which a phrase begins. */
type FoundCue = Omit<CaptionHit, 'phraseSeconds'> & {
  words: CueWord[] | null
  /** The text of the cues that the phrase extends to; empty if there are none. */
  following: string
}

const toHit = ({ words, following, ...cue }: FoundCue, query: string): CaptionHit => ({
  ...cue,
  phraseSeconds: findPhraseSeconds({ ...cue, words }, { query, following }),
  text: following ? `${cue.text} ${following}` : cue.text,
})
