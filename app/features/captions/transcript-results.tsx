'use client'

import { Captions } from 'lucide-react'
import { CommandGroup, CommandItem } from '@/app/ui/command'
import { formatTimestamp } from '@/app/ui/format'
import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { CaptionHit } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/captions'
import { textWidth } from '@/lib/text/scripts'
import { Highlight, captionHitHref } from './highlight'

/** A character of a script without spaces counts twice. */
const MIN_QUERY_WIDTH = 3
const MAX_RESULTS = 6

/** Transcript matches in the command menu. */
export function TranscriptResults({ query, onGo }: { query: string; onGo(href: string): void }) {
  const hits = useTranscriptSearch(query.trim())
  if (hits.length === 0) return null
  return (
    <CommandGroup heading={messages.transcripts()}>
      {hits.map((hit) => (
        // The server has filtered the hits already, so each one has the query as its keyword.
        <CommandItem
          key={hit.cueId}
          value={hit.cueId}
          keywords={[query]}
          className="h-auto! min-h-10 py-1.5"
          onSelect={() => onGo(captionHitHref(hit))}
        >
          <Captions />
          <span className="min-w-0 grow">
            <span dir="auto" className="block truncate">
              {hit.speaker && <span className="text-muted-foreground">{hit.speaker}: </span>}
              <Highlight text={hit.text} query={query} />
            </span>
            <span dir="auto" className="block truncate text-sm text-muted-foreground tabular-nums">
              {hit.videoTitle} · {formatTimestamp(Math.floor(hit.phraseSeconds))}
            </span>
          </span>
        </CommandItem>
      ))}
    </CommandGroup>
  )
}

function useTranscriptSearch(query: string) {
  const params = new URLSearchParams({ q: query, limit: String(MAX_RESULTS) })
  const isLongEnough = textWidth(query) >= MIN_QUERY_WIDTH
  const found = useDebouncedFetch<{ hits: CaptionHit[] }>(
    isLongEnough ? `/api/v1/captions/search?${params.toString()}` : null,
  )
  return found?.hits ?? []
}
