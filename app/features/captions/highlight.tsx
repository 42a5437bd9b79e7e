import type { CaptionHit } from '@/lib/captions/schema'
import { phrasePattern } from './find-in-cues'
import { MarkedText } from './marked-text'

/** Marks every occurrence of the query in a text. */
export function Highlight({ text, query }: { text: string; query: string }) {
  const pattern = phrasePattern(query)
  const marks = pattern
    ? [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
        from: index,
        to: index + match.length,
        mark: 'match' as const,
      }))
    : []
  return <MarkedText text={text} marks={marks} />
}

/** The watch page at the position of a hit. */
export const captionHitHref = ({ videoId, startSeconds, captionId }: CaptionHit) =>
  `/videos/${videoId}?t=${startSeconds}&track=${captionId}`
