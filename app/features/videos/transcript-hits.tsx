import { Highlight, captionHitHref } from '@/app/features/captions/highlight'
import { Section } from '@/app/ui/section'
import { formatTimestamp } from '@/app/ui/format'
import type { CaptionHit } from '@/lib/captions/schema'
import { Link } from '@/app/ui/link'
import * as messages from '@/lib/generated/messages/library'

interface Props {
  hits: CaptionHit[]
  query: string
  isComplete: boolean
}

/** Transcript matches of a search, grouped by video. */
export function TranscriptHits({ hits, query, isComplete }: Props) {
  const videos = Map.groupBy(hits, ({ videoId }) => videoId)
  return (
    <Section title={messages.transcriptMatches({ query })}>
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {[...videos].map(([videoId, own]) => (
          <li key={videoId} className="px-2 py-2">
            <p dir="auto" className="truncate px-2 font-medium">
              {own[0]!.videoTitle}
            </p>
            <ul aria-label={messages.matchesIn({ title: own[0]!.videoTitle })}>
              {own.map((hit) => (
                <li key={hit.cueId}>
                  <Link
                    href={captionHitHref(hit)}
                    data-row={hit.cueId}
                    className="flex min-h-9 gap-3 rounded-md px-2 py-1.5 -outline-offset-2 hover:bg-muted"
                  >
                    <span className="w-12 shrink-0 pt-px text-end text-sm text-muted-foreground tabular-nums">
                      {formatTimestamp(Math.floor(hit.phraseSeconds))}
                    </span>
                    <span dir="auto" className="line-clamp-2 min-w-0">
                      {hit.speaker && <span className="text-muted-foreground">{hit.speaker}: </span>}
                      <Highlight text={hit.text} query={query} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {!isComplete && (
        <p className="text-sm text-muted-foreground">{messages.firstMatches({ count: hits.length })}</p>
      )}
    </Section>
  )
}
