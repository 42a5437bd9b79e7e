'use client'

import { useEffect, useRef } from 'react'
import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { CaptionHit } from '@/lib/captions/schema'

const MAX_HITS = 200

/**
 * Finds when the phrase of a search begins in the cues of a video, by ID. The server knows, as cues are fetched without their
 * words. Empty until it has responded, and without a search.
 */
export function usePhraseSeconds({ videoId, query }: { videoId: string; query: string }) {
  const phrase = query.trim()
  const params = new URLSearchParams({ q: phrase, videoId, limit: String(MAX_HITS) })
  const found = useDebouncedFetch<{ hits: CaptionHit[] }>(
    phrase === '' ? null : `/api/v1/captions/search?${params.toString()}`,
  )
  const byCueId = useRef<ReadonlyMap<string, number>>(new Map())
  useEffect(() => {
    byCueId.current = new Map(found?.hits.map(({ cueId, phraseSeconds }) => [cueId, phraseSeconds]))
  }, [found])
  return byCueId
}
