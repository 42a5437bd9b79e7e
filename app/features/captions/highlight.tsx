import { matchPhrase } from '@/lib/captions/phrase-pattern'
import type { CaptionHit } from '@/lib/captions/schema'
import { MarkedText } from './marked-text'

/** Marks every occurrence of the query in a text. */
export function Highlight({ text, query }: { text: string; query: string }) {
  const marks = matchPhrase(text, query).map(({ 0: match, index }) => ({
    from: index,
    to: index + match.length,
    mark: 'match' as const,
  }))
  return <MarkedText text={text} marks={marks} />
}

/** The watch page where the phrase of a hit begins. */
export const captionHitHref = ({ videoId, phraseSeconds, captionId }: CaptionHit) =>
  `/videos/${videoId}?t=${phraseSeconds}&track=${captionId}`
