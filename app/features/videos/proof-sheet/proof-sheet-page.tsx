import { BackLink } from '@/app/ui/back-link'
import { FactList } from '@/app/ui/fact-list'
import { formatTimestamp } from '@/app/ui/format'
import { Section } from '@/app/ui/section'
import { formatBytes } from '@/lib/text/format-bytes'
import type { ProofSheet } from '@/lib/videos/proof/schema'
import { ProofTable } from './proof-table'

/** What a file contained, what was changed and why, and how its renditions compare with it. */
export function ProofSheetPage({ sheet }: { sheet: ProofSheet }) {
  const { source, changes, renditions, isChecked } = sheet
  return (
    <div className="flex flex-col gap-6">
      <header>
        <BackLink href={`/videos/${sheet.videoId}`}>{sheet.title}</BackLink>
        <h1 className="text-xl font-semibold">Proof sheet</h1>
        <p className="text-muted-foreground">
          What the file contained, what was changed and why, and how the renditions compare with it.
        </p>
      </header>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section title="File">
          <FactList
            facts={[
              ['Name', source.filename],
              ['Container', source.container],
              ['Size', formatBytes(source.sizeBytes)],
              ['Length', formatTimestamp(source.durationSeconds)],
              ...source.tracks.map(
                ({ kind, description }, n) => [trackName(source.tracks, n, kind), description] as const,
              ),
              [
                'SHA-256',
                <code key="checksum" className="text-xs break-all">
                  {source.sha256}
                </code>,
              ],
            ]}
          />
        </Section>
        <Section title="Changes">
          <ul className="divide-y rounded-xl border bg-card">
            {changes.map(({ change, reason }) => (
              <li key={change} className="px-3.5 py-2">
                <p>{change}</p>
                <p className="text-sm text-muted-foreground">{reason}</p>
              </li>
            ))}
          </ul>
        </Section>
      </div>
      <Section title="Renditions">
        <ProofTable renditions={renditions} />
        <p className="mt-2 text-sm text-muted-foreground">
          {isChecked
            ? 'Similarity is the structural similarity (SSIM) to the picture of the file at three places; 1 is equal. Sound offset is how much later the sound plays than in the file.'
            : 'The renditions are compared with the file when all are done.'}
        </p>
      </Section>
    </div>
  )
}

const TRACK_NAMES = { video: 'Picture', audio: 'Sound', subtitles: 'Subtitles' }

/** "Sound", or "Sound 2" if it is not the only one. */
function trackName(tracks: ProofSheet['source']['tracks'], index: number, kind: keyof typeof TRACK_NAMES) {
  const same = tracks.filter((track) => track.kind === kind)
  return same.length > 1 ? `${TRACK_NAMES[kind]} ${same.indexOf(tracks[index]!) + 1}` : TRACK_NAMES[kind]
}
