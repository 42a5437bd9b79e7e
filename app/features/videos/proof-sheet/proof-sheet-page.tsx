import { BackLink } from '@/app/ui/back-link'
import { FactList } from '@/app/ui/fact-list'
import { formatTimestamp } from '@/app/ui/format'
import { Section } from '@/app/ui/section'
import { formatBytes } from '@/lib/text/format-bytes'
import type { ProofSheet } from '@/lib/videos/proof/schema'
import * as messages from '@/lib/generated/messages/proof-sheet'
import { ProofTable } from './proof-table'

/** What a file contained, what was changed and why, and how its renditions compare with it. */
export function ProofSheetPage({ sheet }: { sheet: ProofSheet }) {
  const { source, changes, renditions, isChecked } = sheet
  return (
    <div className="flex flex-col gap-6">
      <header>
        <BackLink href={`/videos/${sheet.videoId}`}>{sheet.title}</BackLink>
        <h1 className="text-xl font-semibold">{messages.title()}</h1>
        <p className="text-muted-foreground">{messages.hint()}</p>
      </header>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section title={messages.file()}>
          <FactList
            facts={[
              [messages.name(), source.filename],
              [messages.container(), source.container],
              [messages.size(), formatBytes(source.sizeBytes)],
              [messages.length(), formatTimestamp(source.durationSeconds)],
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
        <Section title={messages.changes()}>
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
      <Section title={messages.renditions()}>
        <ProofTable renditions={renditions} />
        <p className="mt-2 text-sm text-muted-foreground">
          {isChecked ? messages.checked() : messages.unchecked()}
        </p>
      </Section>
    </div>
  )
}

const TRACK_NAMES = {
  video: [messages.picture, messages.pictureNumber],
  audio: [messages.sound, messages.soundNumber],
  subtitles: [messages.subtitles, messages.subtitlesNumber],
} as const

/** "Sound", or "Sound 2" if it is not the only one. */
function trackName(tracks: ProofSheet['source']['tracks'], index: number, kind: keyof typeof TRACK_NAMES) {
  const same = tracks.filter((track) => track.kind === kind)
  const [only, numbered] = TRACK_NAMES[kind]
  return same.length > 1 ? numbered({ number: same.indexOf(tracks[index]!) + 1 }) : only()
}
