'use client'

import { Pencil } from 'lucide-react'
import { Link } from '@/app/components/link'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Select } from '@/app/components/ui/select'
import { Skeleton } from '@/app/components/ui/skeleton'
import { isOpen } from '@/app/components/words'
import { type Playhead, useCueNow } from '@/app/player/playhead'
import type { SentSidecar } from '@/app/uploads/sidecars'
import type { CaptionDto, CueDto } from '@/lib/captions/contract'
import type { TaskDto } from '@/lib/tasks/contract'
import { trackNames } from '@/lib/videos/languages'
import { captionTask } from '../caption-task'
import { findInCues } from '../find-in-cues'
import type { Listener } from '../listener'
import { useCues } from '../use-cues'
import { CueLines } from './cue-lines'
import { FileAnswer } from './file-answer'
import { FindBar } from './find-bar'
import { NoLines } from './no-lines'
import { TrackMenu } from './track-menu'
import { TrackState } from './track-state'
import { useFollowing } from './use-following'
import { useTrackActions } from './use-track-actions'

interface Given {
  videoId: string
  tracks: CaptionDto[]
  /** Of this video, newest first. */
  tasks: TaskDto[]
  listener: Listener
  playhead: Playhead
  /** The track that somebody came for. */
  wantedId?: string
}

/** What is said, beside the player: it follows, can be searched, and leads to every moment. */
export function Transcript({ videoId, tracks, tasks, listener, playhead, wantedId }: Given) {
  const [chosenId, setChosenId] = useState(wantedId)
  const [answer, setAnswer] = useState<SentSidecar | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const actions = useTrackActions({ videoId, onTrack: setChosenId, onFileAnswer: setAnswer })
  useEffect(() => setChosenId(wantedId), [wantedId])
  const track = tracks.find(({ id }) => id === chosenId) ?? bestTrack(tracks)
  const task = captionTask(tasks, track)
  const names = trackNames(tracks)
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
        <TrackMenu {...{ videoId, track, listener, actions, picker }} />
      </div>
      <TrackState track={track} task={task} />
      {cues.length > 0 ? (
        <Lines
          key={track?.id}
          cues={cues}
          playhead={playhead}
          isGrowing={task !== undefined && isOpen(task)}
        />
      ) : track && track.cueCount > 0 ? (
        <Loading />
      ) : (
        <NoLines
          track={track}
          task={task}
          canListen={listener.canListen}
          onMake={() => void actions.order()}
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
      <FileAnswer sent={answer} onClose={() => setAnswer(null)} />
    </section>
  )
}

const Loading = () => (
  <div role="status" className="flex flex-col gap-3 p-4">
    <span className="sr-only">Loading the transcript</span>
    {['w-3/4', 'w-5/6', 'w-2/3', 'w-4/5'].map((width) => (
      <Skeleton key={width} className={`h-4 ${width}`} />
    ))}
  </div>
)

/** The lines and what finds words in them. */
function Lines({
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
  const currentIndex = useCueNow(playhead, cues)
  const isSearching = query.trim() !== ''
  const found = isSearching ? matches[matchIndex]?.[0]?.cueIndex : undefined
  const shown = cues[found ?? (isSearching ? -1 : currentIndex)]
  const { isFollowing, follow } = useFollowing(box, shown?.id)
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
        <CueLines {...{ box, cues, currentIndex, matches, matchIndex, isGrowing }} onChoose={choose} />
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
function bestTrack(tracks: CaptionDto[]) {
  const worth = ({ cueCount, isTranslation, source }: CaptionDto) =>
    (cueCount > 0 ? 4 : 0) + (isTranslation ? 0 : 2) + (source === 'speech' ? 0 : 1)
  return tracks.toSorted((one, other) => worth(other) - worth(one))[0]
}
