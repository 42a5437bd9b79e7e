'use client'

import { ChevronLeft, History, Keyboard, Redo2, Search, Undo2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { useLive } from '@/app/live/live'
import { createPlayhead } from '@/app/player/playhead'
import type { CaptionDto, CuesDto } from '@/lib/captions/contract'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { captionTask } from '../caption-task'
import { TrackState } from '../transcript/track-state'
import { Alternatives } from './alternatives'
import { ClashChoice } from './clash-choice'
import { CueList } from './cue-list'
import { CueTools } from './cue-tools'
import { FindReplace } from './find-replace'
import { keyOf } from './keys'
import { KeysSheet } from './keys-sheet'
import { useCommands } from './use-commands'
import { type Saving, useDocument } from './use-document'
import { VersionsDialog } from './versions-dialog'

const Player = dynamic(async () => (await import('@/app/player/player')).Player, {
  ssr: false,
  loading: () => <div className="aspect-video rounded-xl bg-black" />,
})

interface Given {
  videoId: string
  captionId: string
  seed: { videos: VideoDto[]; captions: CaptionDto[]; tasks: TaskDto[] }
  first: CuesDto
}

/** The page where captions are edited, until they or their video are deleted. */
export function Editor({ videoId, captionId, seed, first }: Given) {
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
  return <Desk video={video} caption={caption} task={captionTask(own, caption)} first={first} />
}

interface DeskGiven {
  video: VideoDto
  caption: CaptionDto
  task?: TaskDto
  first: CuesDto
}

function Desk({ video, caption, task, first }: DeskGiven) {
  const edited = useDocument(caption, first)
  const { document, act, saving } = edited
  const [playhead] = useState(() => createPlayhead())
  const [selectedId, select] = useState<string>()
  const [open, setOpen] = useState<'find' | 'versions' | 'keys' | null>(null)
  const cursorRef = useRef<number | null>(null)
  const commands = useCommands({
    edited,
    playhead,
    selectedId,
    select,
    cursorRef,
    onFind: () => setOpen('find'),
    onHelp: () => setOpen('keys'),
  })
  const shownCues = useDeferredValue(document.cues)
  const shown = useMemo(() => ({ captionId: caption.id, cues: shownCues }), [caption.id, shownCues])
  const close = useCallback(() => setOpen(null), [])
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <Link
            href={`/videos/${video.id}`}
            className="inline-flex max-w-full items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
          >
            <ChevronLeft className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate">{video.title}</span>
          </Link>
          <h1 className="text-xl font-semibold">
            Captions <span className="font-normal text-muted-foreground">· {caption.label}</span>
          </h1>
        </div>
        <div className="flex flex-wrap items-center gap-1">
          <SaveState saving={saving} />
          <Tool
            name="Undo"
            Icon={Undo2}
            command="undo"
            isOff={document.past.length === 0}
            onUse={commands.undo}
          />
          <Tool
            name="Do again"
            Icon={Redo2}
            command="redo"
            isOff={document.future.length === 0}
            onUse={commands.redo}
          />
          <Tool name="Find and replace" Icon={Search} command="find" onUse={commands.find} />
          <Button size="sm" variant="ghost" onClick={() => setOpen('versions')}>
            <History className="size-4" aria-hidden />
            Versions
          </Button>
          <Tool name="Keys" Icon={Keyboard} command="help" onUse={commands.help} />
        </div>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]">
        <div className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-20">
          {video.isPlayable ? (
            <Player video={video} captions={[caption]} edited={shown} playhead={playhead} />
          ) : (
            <p className="grid aspect-video place-items-center rounded-xl border bg-muted text-muted-foreground">
              The video can be watched here in a moment.
            </p>
          )}
          <CueTools commands={commands} isAnySelected={selectedId !== undefined} />
        </div>
        <section
          aria-label="Cues"
          className="flex max-h-[70vh] min-h-80 flex-col overflow-hidden rounded-xl border bg-card lg:h-[calc(100vh-11rem)] lg:max-h-none"
        >
          <TrackState track={caption} task={task} />
          <ClashChoice clashes={document.clashes} onChoose={(keep) => act({ type: 'choose', keep })} />
          <Alternatives
            cues={document.cues}
            selectedId={selectedId}
            onSelect={(id) => ((cursorRef.current ??= 0), select(id))}
          />
          {open === 'find' && (
            <FindReplace
              cues={document.cues}
              onShow={({ cueId }) => ((cursorRef.current = null), select(cueId))}
              onReplace={(change) => act({ type: 'edit', change })}
              onClose={close}
            />
          )}
          <CueList {...{ edited, playhead, selectedId, select, cursorRef }} />
        </section>
      </div>
      <KeysSheet isOpen={open === 'keys'} onOpenChange={close} />
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

interface ToolGiven {
  name: string
  Icon: typeof Undo2
  command: Parameters<typeof keyOf>[0]
  isOff?: boolean
  onUse(): void
}

const Tool = ({ name, Icon, command, isOff, onUse }: ToolGiven) => (
  <Button
    size="sm"
    variant="ghost"
    aria-label={name}
    title={`${keyOf(command).does} (${keyOf(command).shown})`}
    disabled={isOff}
    onClick={onUse}
  >
    <Icon className="size-4" aria-hidden />
  </Button>
)

function SaveState({ saving }: { saving: Saving }) {
  return (
    <p role="status" data-testid="save-state" className="mr-2 text-sm text-muted-foreground">
      {saving.state === 'saved' && 'Saved'}
      {saving.state === 'saving' && 'Saving…'}
      {saving.state === 'waiting' && <span className="text-warning">Not saved: choose first</span>}
      {saving.state === 'failed' && <span className="text-destructive">Not saved: {saving.problem}</span>}
    </p>
  )
}
