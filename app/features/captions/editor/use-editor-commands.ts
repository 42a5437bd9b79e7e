'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { toast } from '@/app/ui/toast'
import { setShortcutSheetOpen, useShortcutGroup } from '@/app/ui/shortcuts'
import { findCueIndex, type Playhead } from '@/app/features/player/playhead'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { mergeCues, moveCueEnd, moveCueStart, createCue, splitCue } from './cue-edits'
import { type EditorCommands, matchCommand, SHORTCUT_GROUP } from './shortcuts'
import { uuid } from '@/app/ui/uuid'
import type { EditedDocument } from './use-editor-document'

interface Options {
  edited: EditedDocument
  playhead: Playhead
  selectedId: string | undefined
  select(id: string | undefined): void
  /** The last text cursor position in the selected cue. */
  cursorRef: RefObject<number | null>
  onFind(): void
}

/** Returns the editor's commands and binds their keyboard shortcuts. */
export function useEditorCommands(options: Options): EditorCommands {
  const { edited, playhead, selectedId, select, cursorRef } = options
  const { dispatch } = edited
  const { cues } = edited.document
  const index = cues.findIndex(({ id }) => id === selectedId)
  const cue = cues[index]
  const change = (edit: (one: CueDto) => CueDto) =>
    cue &&
    dispatch({ type: 'edit', change: (all) => all.map((one) => (one.id === cue.id ? edit(one) : one)) })
  const goTo = (target: number) => {
    const next = cues[Math.max(0, Math.min(cues.length - 1, target))]
    if (!next) return
    cursorRef.current ??= 0
    select(next.id)
    if (!playhead.read().isPlaying) playhead.seek(next.startSeconds)
  }
  const playingIndex = () => findCueIndex(cues, playhead.seconds())
  const commands: EditorCommands = {
    toggle: playhead.toggle,
    replay() {
      const from = cue ?? cues[playingIndex()]
      if (from) playhead.seek(from.startSeconds)
      playhead.play()
    },
    previous: () => goTo(cue ? index - 1 : playingIndex()),
    next: () => goTo(cue ? index + 1 : playingIndex() + 1),
    startHere: () => change((one) => moveCueStart(one, playhead.seconds())),
    endHere: () => change((one) => moveCueEnd(one, playhead.seconds())),
    split() {
      const halves = cue && splitCue(cue, cursorRef.current ?? 0, uuid())
      if (!halves) {
        if (cue) toast(messages.splitHint(), { id: 'split' })
        return
      }
      dispatch({ type: 'edit', change: (all) => all.flatMap((one) => (one.id === cue.id ? halves : one)) })
      cursorRef.current = 0
      select(halves[1].id)
    },
    merge() {
      const next = cues[index + 1]
      if (!cue || !next) return
      const isKept = (one: CueDto) => one.id !== next.id
      const joined = mergeCues(cue, next)
      dispatch({
        type: 'edit',
        change: (all) => all.filter(isKept).map((one) => (one.id === cue.id ? joined : one)),
      })
    },
    add() {
      const at = cue ? index : playingIndex()
      const startSeconds = cue ? cue.endSeconds : playhead.seconds()
      const added = createCue(uuid(), startSeconds, cues[at + 1])
      dispatch({ type: 'edit', change: (all) => [...all, added] })
      cursorRef.current = 0
      select(added.id)
    },
    remove() {
      if (!cue) return
      dispatch({ type: 'edit', change: (all) => all.filter((one) => one.id !== cue.id) })
      select((cues[index + 1] ?? cues[index - 1])?.id)
    },
    undo: () => dispatch({ type: 'undo' }),
    redo: () => dispatch({ type: 'redo' }),
    find: options.onFind,
    help: () => setShortcutSheetOpen(true),
  }
  useShortcutGroup(SHORTCUT_GROUP)
  const latest = useRef(commands)
  useEffect(() => void (latest.current = commands))
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent) => {
      const command = matchCommand(event)
      if (!command || document.querySelector('[role="dialog"][data-state="open"]')) return
      // Text inputs (times, find and replace) keep the browser's own undo.
      const isHistoryCommand = command === 'undo' || command === 'redo'
      if (isHistoryCommand && event.target instanceof HTMLInputElement) return
      event.preventDefault()
      latest.current[command]()
    }
    window.addEventListener('keydown', handleKeyDown)
    return () => window.removeEventListener('keydown', handleKeyDown)
  }, [])
  return commands
}
