'use client'

import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { createPlayhead } from '@/app/features/player/playhead'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { TrackState } from '../transcript/track-state'
import type { InitialCues } from '../use-initial-cues'
import { Alternatives } from './alternatives'
import { ConflictResolver } from './conflict-resolver'
import { CueList } from './cue-list'
import { CueToolbar } from './cue-toolbar'
import { EditorBar } from './editor-bar'
import { FindReplace } from './find-replace'
import { useEditorCommands } from './use-editor-commands'
import { useEditorDocument } from './use-editor-document'
import { useFind } from './use-find'
import { VersionsDialog } from './versions-dialog'

export interface WorkspaceProps {
  video: VideoDto
  caption: CaptionDto
  task?: TaskDto
  initialCues: InitialCues
}

/** Player and toolbar on the left, the cues on the right. */
export function EditorWorkspace({ video, caption, task, initialCues }: WorkspaceProps) {
  const edited = useEditorDocument(caption, initialCues)
  const { document, dispatch } = edited
  const [playhead] = useState(() => createPlayhead())
  const [selectedId, select] = useState<string>()
  const [panel, setPanel] = useState<'find' | 'versions' | null>(null)
  const cursorRef = useRef<number | null>(null)
  const findField = useRef<HTMLInputElement>(null)
  const find = useFind(document.cues, panel === 'find')
  const commands = useEditorCommands({
    edited,
    playhead,
    selectedId,
    select,
    cursorRef,
    onFind() {
      setPanel('find')
      findField.current?.select()
    },
  })
  const deferredCues = useDeferredValue(document.cues)
  const editedCues = useMemo(
    () => ({ captionId: caption.id, cues: deferredCues }),
    [caption.id, deferredCues],
  )
  const close = useCallback(() => setPanel(null), [])
  function closeFind() {
    close()
    if (selectedId || !find.currentMatch) return
    cursorRef.current = find.currentMatch.from
    select(find.currentMatch.cueId)
  }
  return (
    <div className="flex flex-col gap-4">
      <EditorBar
        video={video}
        caption={caption}
        edited={edited}
        commands={commands}
        onVersions={() => setPanel('versions')}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]">
        <div className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-20">
          {video.isPlayable ? (
            <LazyPlayer video={video} captions={[caption]} edited={editedCues} playhead={playhead} />
          ) : (
            <p className="grid aspect-video place-items-center rounded-xl border bg-muted text-muted-foreground">
              {messages.preparingPlayback()}
            </p>
          )}
          <CueToolbar commands={commands} isAnySelected={selectedId !== undefined} />
        </div>
        <section
          aria-label={messages.cues()}
          className="flex max-h-[70vh] min-h-80 flex-col overflow-hidden rounded-xl border bg-card lg:h-[calc(100vh-11rem)] lg:max-h-none"
        >
          <TrackState track={caption} task={task} />
          <ConflictResolver
            conflicts={document.conflicts}
            onResolve={(keep) => dispatch({ type: 'resolve', keep })}
          />
          <Alternatives
            cues={document.cues}
            selectedId={selectedId}
            onSelect={(id) => {
              cursorRef.current ??= 0
              select(id)
            }}
          />
          {panel === 'find' && (
            <FindReplace
              find={find}
              field={findField}
              onNavigate={() => select(undefined)}
              onReplace={(change) => dispatch({ type: 'edit', change })}
              onClose={closeFind}
            />
          )}
          <CueList
            cues={document.cues}
            marks={find.marks}
            matchedId={find.currentMatch?.cueId}
            {...{ dispatch, playhead, selectedId, select, cursorRef }}
          />
        </section>
      </div>
      {panel === 'versions' && (
        <VersionsDialog
          captionId={caption.id}
          revision={document.revision}
          isDirty={edited.isDirty}
          onClose={close}
          onRestored={() => void edited.refresh()}
        />
      )}
    </div>
  )
}
