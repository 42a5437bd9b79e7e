'use client'

import { Pencil } from 'lucide-react'
import { loadLater } from '@/app/ui/load-later'
import { useEffect, useRef, useState } from 'react'
import type { Playhead } from '@/app/features/player/playhead'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { SIDECAR_FILES } from '@/app/features/uploads/accepted-files'
import type { SidecarResult } from '@/app/features/uploads/sidecars'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'
import { Select } from '@/app/ui/select'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import * as messages from '@/lib/generated/messages/captions'
import { endedWithParent, findCaptionTask } from '../caption-task'
import type { SpeechSupport } from '../speech-support'
import { useCues } from '../use-cues'
import { EmptyTranscript } from './empty-transcript'
import { TrackMenu } from './track-menu'
import { TrackState } from './track-state'
import { TranscriptBody, TranscriptSkeleton } from './transcript-body'
import { useTrackActions } from './use-track-actions'

// Few visits need it.
const ImportReport = loadLater(async () => (await import('./import-report')).ImportReport)

interface Props {
  videoId: string
  tracks: CaptionDto[]
  /** The tasks of this video, newest first. */
  tasks: TaskDto[]
  speechSupport: SpeechSupport
  playhead: Playhead
  /** The track that the URL names. */
  requestedTrackId?: string
}

/** The transcript beside the player: it follows playback, can be searched, and seeks to any cue. */
export function Transcript({ videoId, tracks, tasks, speechSupport, playhead, requestedTrackId }: Props) {
  const [selectedId, setSelectedId] = useState(requestedTrackId)
  const [importReport, setImportReport] = useState<{ file: File; result: SidecarResult } | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const actions = useTrackActions({ videoId, onTrackReady: setSelectedId, onImportReport: setImportReport })
  useEffect(() => setSelectedId(requestedTrackId), [requestedTrackId])
  const track = tracks.find(({ id }) => id === selectedId) ?? pickDefaultTrack(tracks)
  const task = findCaptionTask(tasks, track)
  const { cues } = useCues(track)
  return (
    <section
      aria-label={messages.captions()}
      className="flex max-h-[70vh] min-h-80 flex-col overflow-hidden rounded-xl border bg-card lg:absolute lg:inset-0 lg:max-h-none"
    >
      <div className="flex items-center gap-1 border-b py-1.5 pe-1.5 ps-3.5">
        <h2 className="grow font-medium">{messages.transcript()}</h2>
        {track && <TrackSelect {...{ videoId, tracks, track }} onSelect={setSelectedId} />}
        <TrackMenu {...{ videoId, track, speechSupport, actions, picker }} />
      </div>
      {!(task && endedWithParent(task, tasks)) && <TrackState track={track} task={task} />}
      {cues.length > 0 ? (
        <TranscriptBody
          key={track?.id}
          videoId={videoId}
          cues={cues}
          playhead={playhead}
          isGrowing={task !== undefined && isUnfinished(task)}
          onRenameSpeaker={(from, to) => void actions.renameSpeaker(track!, { from, to })}
        />
      ) : track && track.cueCount > 0 ? (
        <TranscriptSkeleton />
      ) : (
        <EmptyTranscript
          track={track}
          task={task}
          canTranscribe={speechSupport.canTranscribe}
          onTranscribe={() => void actions.requestCaptions()}
          onImportFile={() => picker.current?.click()}
        />
      )}
      <input
        ref={picker}
        type="file"
        accept={SIDECAR_FILES}
        hidden
        aria-label={messages.subtitleFile()}
        data-testid="subtitle-input"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) void actions.importFile(file)
          currentTarget.value = ''
        }}
      />
      {importReport && (
        <ImportReport
          result={importReport.result}
          onChooseEncoding={(encoding) => void actions.importFile(importReport.file, encoding)}
          onClose={() => setImportReport(null)}
        />
      )}
    </section>
  )
}

interface TrackSelectProps {
  videoId: string
  tracks: CaptionDto[]
  track: CaptionDto
  onSelect(id: string): void
}

function TrackSelect({ videoId, tracks, track, onSelect }: TrackSelectProps) {
  const names = uniqueTrackNames(tracks)
  return (
    <>
      {tracks.length > 1 ? (
        <Select
          label={messages.track()}
          className="h-7! max-w-44 min-w-0 px-2.5! text-sm max-sm:h-9!"
          value={track.id}
          options={tracks.map(({ id }, n) => [id, names[n]!] as const)}
          onChange={onSelect}
        />
      ) : (
        <span className="truncate px-1 text-sm text-muted-foreground">{track.label}</span>
      )}
      <Button asChild size="sm" variant="ghost">
        <Link href={`/videos/${videoId}/captions/${track.id}`} aria-label={messages.editPageTitle()}>
          <Pencil className="size-3.5" />
        </Link>
      </Button>
    </>
  )
}

/** Prefers tracks that have cues, then originals over translations, then imported tracks over transcriptions. */
function pickDefaultTrack(tracks: CaptionDto[]) {
  const rank = ({ cueCount, isTranslation, source }: CaptionDto) =>
    (cueCount > 0 ? 4 : 0) + (isTranslation ? 0 : 2) + (source === 'speech' ? 0 : 1)
  return tracks.toSorted((one, other) => rank(other) - rank(one))[0]
}
