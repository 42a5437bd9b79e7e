import { Check, TriangleAlert } from 'lucide-react'
import type { ProofSheet } from '@/lib/videos/proof/schema'
import { formatBytes } from '@/lib/text/format-bytes'

type Rendition = ProofSheet['renditions'][number]

const HEADINGS = [
  'Rendition',
  'Codec',
  'Size',
  'Segments',
  'Key frames',
  'Similarity',
  'Sound offset',
  'Check',
]

/** A row for each rendition. */
export const ProofTable = ({ renditions }: { renditions: readonly Rendition[] }) => (
  <div className="overflow-x-auto rounded-xl border bg-card" role="region" aria-label="Renditions">
    <table className="w-full text-sm whitespace-nowrap tabular-nums">
      <thead className="text-left text-muted-foreground">
        <tr>
          {HEADINGS.map((heading) => (
            <th key={heading} scope="col" className="px-3.5 py-2 font-medium">
              {heading}
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
              `${rendition.segments}, up to ${rendition.longestSegmentSeconds.toFixed(1)} s`,
              rendition.keyframeGrid ?? '–',
              formatSimilarity(rendition),
              formatDelays(rendition),
            ].map((text, n) => (
              <td key={HEADINGS[n]} className="px-3.5 py-2">
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
  mode === 'copy' ? 'Copied' : similarity.map(({ mean }) => mean.toFixed(3)).join(' · ') || '–'

const formatDelays = ({ soundDelays }: Rendition) =>
  soundDelays
    .map(({ delaySeconds }) => (delaySeconds === null ? '?' : `${Math.round(delaySeconds * 1000)} ms`))
    .join(' · ') || '–'

function CheckResult({ rendition: { problems, state } }: { rendition: Rendition }) {
  if (problems.length > 0)
    return (
      <span className="flex items-start gap-1.5 text-destructive">
        <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        {state === 'failed' && 'Withdrawn: '}
        {problems.join(' ')}
      </span>
    )
  return state === 'done' ? <Check className="size-4 text-primary" aria-label="No problems" /> : '–'
}
