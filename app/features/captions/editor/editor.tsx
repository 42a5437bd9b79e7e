'use client'

import dynamic from 'next/dynamic'
import { Link } from '@/app/ui/link'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Skeleton } from '@/app/ui/skeleton'
import { useLive } from '@/app/live/live-provider'
import { createPlayhead } from '@/app/features/player/playhead'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { findCaptionTask } from '../caption-task'
import { type InitialCues, useInitialCues } from '../use-initial-cues'
import { TrackState } from '../transcript/track-state'
import { Alternatives } from './alternatives'
import { ConflictResolver } from './conflict-resolver'
import { CueList } from './cue-list'
import { CueToolbar } from './cue-toolbar'
import { EditorBar } from './editor-bar'
import { FindReplace } from './find-replace'
import { ShortcutsDialog } from './shortcuts-dialog'
import { useEditorCommands } from './use-editor-commands'
import { useEditorDocument } from './use-editor-document'
import { useFind } from './use-find'
import { VersionsDialog } from './versions-dialog'

const Player = dynamic(async () => (await import('@/app/features/player/player')).Player, {
  ssr: false,
  loading: () => <div className="aspect-video rounded-xl bg-black" />,
})

interface Props {
  videoId: string
  captionId: string
  seed: { videos: VideoDto[]; captions: CaptionDto[]; tasks: TaskDto[] }
}

/** The page where captions are edited, until they or their video are deleted. */
export function Editor({ videoId, captionId, seed }: Props) {
  const { videos, captions, tasks } = useLive(seed)
  const video = videos.find(({ id }) => id === videoId)
  const caption = captions.find(({ id }) => id === captionId)
  if (!video || !caption)
    return (
      <p className="py-20 text-center text-muted-foreground">
        These captions were deleted.{' '}
        <Link className="underline" href={`/videos/${videoId}`}>
          To the video
        </Link>
      </p>
    )
  const own = tasks.filter((task) => task.videoId === videoId)
  return <EditorLoader video={video} caption={caption} task={findCaptionTask(own, caption)} />
}

/** Cues are not part of the page: a day of talk is megabytes of them. */
function EditorLoader(given: Omit<WorkspaceProps, 'first'>) {
  const { first, isMissing, tryAgain } = useInitialCues(given.caption.id)
  if (first) return <EditorWorkspace {...given} first={first} />
  if (!isMissing) return <EditorSkeleton />
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-20 text-center">
      <p>The server did not answer, so the captions could not be loaded.</p>
      <Button onClick={tryAgain}>Try again</Button>
    </div>
  )
}

const EditorSkeleton = () => (
  <div role="status" aria-label="Loading the captions" className="flex flex-col gap-4 pt-16">
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]">
      <Skeleton className="aspect-video rounded-xl" />
      <Skeleton className="h-[70vh] rounded-xl" />
    </div>
  </div>
)

interface WorkspaceProps {
  video: VideoDto
  caption: CaptionDto
  task?: TaskDto
  first: InitialCues
}

function EditorWorkspace({ video, caption, task, first }: WorkspaceProps) {
  const edited = useEditorDocument(caption, first)
  const { document, act } = edited
  const [playhead] = useState(() => createPlayhead())
  const [selectedId, select] = useState<string>()
  const [open, setOpen] = useState<'find' | 'versions' | 'keys' | null>(null)
  const cursorRef = useRef<number | null>(null)
  const findField = useRef<HTMLInputElement>(null)
  const find = useFind(document.cues, open === 'find')
  const commands = useEditorCommands({
    edited,
    playhead,
    selectedId,
    select,
    cursorRef,
    onFind: () => (setOpen('find'), findField.current?.select()),
    onHelp: () => setOpen('keys'),
  })
  const shownCues = useDeferredValue(document.cues)
  const shown = useMemo(() => ({ captionId: caption.id, cues: shownCues }), [caption.id, shownCues])
  const close = useCallback(() => setOpen(null), [])
  function closeFind() {
    close()
    if (selectedId || !find.shown) return
    // What was looked for is what is edited next.
    cursorRef.current = find.shown.from
    select(find.shown.cueId)
  }
  return (
    <div className="flex flex-col gap-4">
      <EditorBar
        video={video}
        caption={caption}
        edited={edited}
        commands={commands}
        onVersions={() => setOpen('versions')}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]">
        <div className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-20">
          {video.isPlayable ? (
            <Player video={video} captions={[caption]} edited={shown} playhead={playhead} />
          ) : (
            <p className="grid aspect-video place-items-center rounded-xl border bg-muted text-muted-foreground">
              The video can be watched here in a moment.
            </p>
          )}
          <CueToolbar commands={commands} isAnySelected={selectedId !== undefined} />
        </div>
        <section
          aria-label="Cues"
          className="flex max-h-[70vh] min-h-80 flex-col overflow-hidden rounded-xl border bg-card lg:h-[calc(100vh-11rem)] lg:max-h-none"
        >
          <TrackState track={caption} task={task} />
          <ConflictResolver clashes={document.clashes} onChoose={(keep) => act({ type: 'choose', keep })} />
          <Alternatives
            cues={document.cues}
            selectedId={selectedId}
            onSelect={(id) => ((cursorRef.current ??= 0), select(id))}
          />
          {open === 'find' && (
            <FindReplace
              find={find}
              field={findField}
              onNavigate={() => select(undefined)}
              onReplace={(change) => act({ type: 'edit', change })}
              onClose={closeFind}
            />
          )}
          <CueList
            cues={document.cues}
            marks={find.marks}
            matchedId={find.shown?.cueId}
            {...{ act, playhead, selectedId, select, cursorRef }}
          />
        </section>
      </div>
      <ShortcutsDialog isOpen={open === 'keys'} onOpenChange={close} />
      {open === 'versions' && (
        <VersionsDialog
          captionId={caption.id}
          revision={document.revision}
          isDirty={edited.isDirty}
          onClose={close}
          onRestored={() => void edited.pull()}
        />
      )}
    </div>
  )
}
