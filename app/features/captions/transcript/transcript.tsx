'use client'

import { Pencil } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Select } from '@/app/ui/select'
import { Skeleton } from '@/app/ui/skeleton'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { type Playhead, useCurrentCueIndex } from '@/app/features/player/playhead'
import type { SidecarResult } from '@/app/features/uploads/sidecars'
import type { CaptionDto, CueDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import { findCaptionTask } from '../caption-task'
import { findInCues } from '../find-in-cues'
import type { SpeechSupport } from '../speech-support'
import { useCues } from '../use-cues'
import { TranscriptList } from './transcript-list'
import { ImportReport } from './import-report'
import { FindBar } from './find-bar'
import { EmptyTranscript } from './empty-transcript'
import { TrackMenu } from './track-menu'
import { TrackState } from './track-state'
import { useAutoScroll } from './use-auto-scroll'
import { useTrackActions } from './use-track-actions'

interface Props {
  videoId: string
  tracks: CaptionDto[]
  /** Of this video, newest first. */
  tasks: TaskDto[]
  speechSupport: SpeechSupport
  playhead: Playhead
  /** The track that somebody came for. */
  requestedTrackId?: string
}

/** What is said, beside the player: it follows, can be searched, and leads to every moment. */
export function Transcript({
  videoId,
  tracks,
  tasks,
  speechSupport: listener,
  playhead,
  requestedTrackId: wantedId,
}: Props) {
  const [chosenId, setChosenId] = useState(wantedId)
  const [answer, setAnswer] = useState<SidecarResult | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const actions = useTrackActions({ videoId, onTrackReady: setChosenId, onImportReport: setAnswer })
  useEffect(() => setChosenId(wantedId), [wantedId])
  const track = tracks.find(({ id }) => id === chosenId) ?? pickDefaultTrack(tracks)
  const task = findCaptionTask(tasks, track)
  const names = uniqueTrackNames(tracks)
  const { cues } = useCues(track)
  return (
    <section
      aria-label="Captions"
      className="flex max-h-[70vh] min-h-80 flex-col overflow-hidden rounded-xl border bg-card lg:absolute lg:inset-0 lg:max-h-none"
    >
      <div className="flex items-center gap-1 border-b py-1.5 pr-1.5 pl-3.5">
        <h2 className="grow font-medium">Transcript</h2>
        {track && tracks.length > 1 && (
          <Select
            label="Track"
            className="h-7 max-w-44 min-w-0 px-2.5 text-sm max-sm:h-9"
            value={track.id}
            options={tracks.map(({ id }, n) => [id, names[n]!] as const)}
            onChange={setChosenId}
          />
        )}
        {track && tracks.length === 1 && (
          <span className="truncate px-1 text-sm text-muted-foreground">{track.label}</span>
        )}
        {track && (
          <Button asChild size="sm" variant="ghost">
            <Link href={`/videos/${videoId}/captions/${track.id}`} aria-label="Edit captions">
              <Pencil className="size-3.5" />
            </Link>
          </Button>
        )}
        <TrackMenu {...{ videoId, track, speechSupport: listener, actions, picker }} />
      </div>
      <TrackState track={track} task={task} />
      {cues.length > 0 ? (
        <TranscriptBody
          key={track?.id}
          cues={cues}
          playhead={playhead}
          isGrowing={task !== undefined && isUnfinished(task)}
        />
      ) : track && track.cueCount > 0 ? (
        <TranscriptSkeleton />
      ) : (
        <EmptyTranscript
          track={track}
          task={task}
          canTranscribe={listener.canTranscribe}
          onTranscribe={() => void actions.order()}
          onAddFile={() => picker.current?.click()}
        />
      )}
      <input
        ref={picker}
        type="file"
        accept=".srt,.vtt"
        hidden
        aria-label="Subtitle file"
        data-testid="subtitle-input"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) void actions.addFile(file)
          currentTarget.value = ''
        }}
      />
      <ImportReport result={answer} onClose={() => setAnswer(null)} />
    </section>
  )
}

const TranscriptSkeleton = () => (
  <div role="status" className="flex flex-col gap-3 p-4">
    <span className="sr-only">Loading the transcript</span>
    {['w-3/4', 'w-5/6', 'w-2/3', 'w-4/5'].map((width) => (
      <Skeleton key={width} className={`h-4 ${width}`} />
    ))}
  </div>
)

/** The lines and what finds words in them. */
function TranscriptBody({
  cues,
  playhead,
  isGrowing,
}: {
  cues: readonly CueDto[]
  playhead: Playhead
  isGrowing: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState('')
  const [wantedMatch, setWantedMatch] = useState(0)
  const searched = useDeferredValue(query)
  const matches = useMemo(() => findInCues(cues, searched), [cues, searched])
  const matchIndex = Math.min(wantedMatch, matches.length - 1)
  const currentIndex = useCurrentCueIndex(playhead, cues)
  const isSearching = query.trim() !== ''
  const found = isSearching ? matches[matchIndex]?.[0]?.cueIndex : undefined
  const shown = cues[found ?? (isSearching ? -1 : currentIndex)]
  const { isFollowing, follow } = useAutoScroll(box, shown?.id)
  const choose = useCallback(
    (cue: CueDto) => {
      playhead.seek(cue.startSeconds)
      follow()
    },
    [playhead, follow],
  )
  return (
    <>
      <FindBar
        query={query}
        count={matches.length}
        matchIndex={matchIndex}
        onQuery={(text) => (setQuery(text), setWantedMatch(0), follow())}
        onStep={(by) => {
          if (matches.length === 0) return
          setWantedMatch((matchIndex + by + matches.length) % matches.length)
          follow()
        }}
      />
      <div className="relative flex min-h-0 grow flex-col">
        <TranscriptList {...{ box, cues, currentIndex, matches, matchIndex, isGrowing }} onSelect={choose} />
        {!isFollowing && currentIndex >= 0 && (
          <Button
            size="sm"
            className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lg"
            onClick={() => (setQuery(''), follow())}
          >
            Back to where it plays
          </Button>
        )}
      </div>
    </>
  )
}

/** Has words already, and those that are spoken rather than a translation; what a person brought first. */
function pickDefaultTrack(tracks: CaptionDto[]) {
  const worth = ({ cueCount, isTranslation, source }: CaptionDto) =>
    (cueCount > 0 ? 4 : 0) + (isTranslation ? 0 : 2) + (source === 'speech' ? 0 : 1)
  return tracks.toSorted((one, other) => worth(other) - worth(one))[0]
}
