'use client'

import { Captions } from 'lucide-react'
import { useEffect, useState } from 'react'
import { CommandGroup, CommandItem } from '@/app/components/ui/command'
import { clockText } from '@/app/components/words'
import type { CaptionHit } from '@/lib/captions/contract'
import { HitText, momentHref } from './hit-text'

const TYPING_PAUSE_MS = 150
const MIN_LENGTH = 3
const SHOWN = 6

/** In the command menu: where in any video the words are said. */
export function SaidGroup({ query, onGo }: { query: string; onGo(to: string): void }) {
  const hits = useSaid(query.trim())
  if (hits.length === 0) return null
  return (
    <CommandGroup heading="Said in videos">
      {hits.map((hit) => (
        // The server has compared it already: what was typed is a keyword of each.
        <CommandItem
          key={hit.cueId}
          value={hit.cueId}
          keywords={[query]}
          className="h-auto min-h-10 py-1.5"
          onSelect={() => onGo(momentHref(hit))}
        >
          <Captions />
          <span className="min-w-0 grow">
            <span className="block truncate">
              <HitText text={hit.text} query={query} />
            </span>
            <span className="block truncate text-sm text-muted-foreground tabular-nums">
              {hit.videoTitle} · {clockText(Math.floor(hit.startSeconds))}
            </span>
          </span>
        </CommandItem>
      ))}
    </CommandGroup>
  )
}

function useSaid(query: string) {
  const [hits, setHits] = useState<CaptionHit[]>([])
  useEffect(() => {
    if (query.length < MIN_LENGTH) return setHits([])
    const stop = new AbortController()
    const asked = new URLSearchParams({ q: query, limit: String(SHOWN) })
    const timer = setTimeout(() => {
      fetch(`/api/v1/captions/search?${asked.toString()}`, { signal: stop.signal })
        .then((answer) => answer.json() as Promise<{ hits?: CaptionHit[] }>)
        .then(
          (found) => setHits(found.hits ?? []),
          () => undefined,
        )
    }, TYPING_PAUSE_MS)
    return () => (clearTimeout(timer), stop.abort())
  }, [query])
  return hits
}
