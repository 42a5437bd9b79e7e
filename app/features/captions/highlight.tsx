import type { CaptionHit } from '@/lib/captions/schema'
import { splitByMarks, phrasePattern } from './find-in-cues'

/** What is said around words that were looked for, with these marked. */
export function Highlight({ text, query }: { text: string; query: string }) {
  const pattern = phrasePattern(query)
  const parts = pattern
    ? [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
        from: index,
        to: index + found.length,
        mark: true,
      }))
    : []
  return (
    <>
      {splitByMarks(text, parts).map((piece, n) =>
        piece.mark ? (
          // oxlint-disable-next-line react/no-array-index-key -- pieces of one text have no other name
          <mark key={n} className="rounded-sm bg-primary/25 text-foreground">
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </>
  )
}

/** The watch page, at the moment when it is said. */
export const captionHitHref = ({ videoId, startSeconds, captionId }: CaptionHit) =>
  `/videos/${videoId}?t=${startSeconds}&track=${captionId}`
