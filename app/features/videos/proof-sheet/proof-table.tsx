import { Check, TriangleAlert } from 'lucide-react'
import type { ProofSheet } from '@/lib/videos/proof/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import * as messages from '@/lib/generated/messages/proof-sheet'

type Rendition = ProofSheet['renditions'][number]

const HEADINGS = [
  messages.rendition,
  messages.codec,
  messages.size,
  messages.segments,
  messages.keyFrames,
  messages.similarity,
  messages.soundOffset,
  messages.check,
]

/** A row for each rendition. */
export const ProofTable = ({ renditions }: { renditions: readonly Rendition[] }) => (
  <div
    role="region"
    aria-label={messages.renditions()}
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable regions need keyboard access
    tabIndex={0}
    className="overflow-x-auto rounded-xl border bg-card"
  >
    <table className="w-full text-sm whitespace-nowrap tabular-nums">
      <thead className="text-start text-muted-foreground">
        <tr>
          {HEADINGS.map((heading, n) => (
            <th key={n} scope="col" className="px-3.5 py-2 font-medium">
              {heading()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y border-t">
        {renditions.map((rendition) => (
          <tr key={rendition.name}>
            {[
              rendition.name,
              rendition.codecs ?? '–',
              formatBytes(rendition.sizeBytes),
              messages.segmentCount({
                count: rendition.segments,
                seconds: rendition.longestSegmentSeconds,
              }),
              rendition.keyframeGrid ?? '–',
              formatSimilarity(rendition),
              formatDelays(rendition),
            ].map((text, n) => (
              <td key={n} className="px-3.5 py-2">
                {text}
              </td>
            ))}
            <td className="px-3.5 py-2 whitespace-normal">
              <CheckResult rendition={rendition} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const formatSimilarity = ({ similarity, mode }: Rendition) =>
  mode === 'copy'
    ? messages.copied()
    : similarity.map(({ mean }) => messages.similarityValue({ value: mean })).join(' · ') || '–'

const formatDelays = ({ soundDelays }: Rendition) =>
  soundDelays
    .map(({ delaySeconds }) => (delaySeconds === null ? '?' : `${Math.round(delaySeconds * 1000)} ms`))
    .join(' · ') || '–'

function CheckResult({ rendition: { problems, state } }: { rendition: Rendition }) {
  if (problems.length > 0)
    return (
      <span className="flex items-start gap-1.5 text-destructive">
        <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        {state === 'failed' ? messages.withdrawn({ problems: problems.join(' ') }) : problems.join(' ')}
      </span>
    )
  return state === 'done' ? <Check className="size-4 text-primary" aria-label={messages.noProblems()} /> : '–'
}
