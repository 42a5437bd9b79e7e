'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { toast } from 'sonner'
import { isEditableTarget } from '@/app/ui/is-editable-target'
import { findCueIndex, type Playhead } from '@/app/features/player/playhead'
import type { CueDto } from '@/lib/captions/schema'
import { mergeCues, moveCueEnd, moveCueStart, createCue, splitCue } from './cue-edits'
import { type EditorCommands, matchCommand } from './shortcuts'
import { uuid } from '@/app/ui/uuid'
import type { EditedDocument } from './use-editor-document'

interface Options {
  edited: EditedDocument
  playhead: Playhead
  selectedId: string | undefined
  select(id: string | undefined): void
  /** Where the cursor was last in the text of the selected cue. */
  cursorRef: RefObject<number | null>
  onFind(): void
  onHelp(): void
}

/** What can be done with the selected cue, and with the document; by keys as well. */
export function useEditorCommands(given: Options): EditorCommands {
  const { edited, playhead, selectedId, select, cursorRef } = given
  const { act } = edited
  const { cues } = edited.document
  const index = cues.findIndex(({ id }) => id === selectedId)
  const cue = cues[index]
  const change = (to: (one: CueDto) => CueDto) =>
    cue && act({ type: 'edit', change: (all) => all.map((one) => (one.id === cue.id ? to(one) : one)) })
  const go = (to: number) => {
    const next = cues[Math.max(0, Math.min(cues.length - 1, to))]
    if (!next) return
    cursorRef.current ??= 0
    select(next.id)
    if (!playhead.read().isPlaying) playhead.seek(next.startSeconds)
  }
  const here = () => findCueIndex(cues, playhead.seconds())
  const commands: EditorCommands = {
    toggle: playhead.toggle,
    replay() {
      const from = cue ?? cues[here()]
      if (from) playhead.seek(from.startSeconds)
      playhead.play()
    },
    previous: () => go(cue ? index - 1 : here()),
    next: () => go(cue ? index + 1 : here() + 1),
    startHere: () => change((one) => moveCueStart(one, playhead.seconds())),
    endHere: () => change((one) => moveCueEnd(one, playhead.seconds())),
    split() {
      const halves = cue && splitCue(cue, cursorRef.current ?? 0, uuid())
      if (!halves) {
        if (cue) toast('Put the cursor between two words: the cue is split there.', { id: 'split' })
        return
      }
      act({ type: 'edit', change: (all) => all.flatMap((one) => (one.id === cue.id ? halves : one)) })
      cursorRef.current = 0
      select(halves[1].id)
    },
    merge() {
      const next = cues[index + 1]
      if (!cue || !next) return
      const gone = (one: CueDto) => one.id !== next.id
      const joined = mergeCues(cue, next)
      act({
        type: 'edit',
        change: (all) => all.filter(gone).map((one) => (one.id === cue.id ? joined : one)),
      })
    },
    add() {
      const at = cue ? index : here()
      const startSeconds = cue ? cue.endSeconds : playhead.seconds()
      const added = createCue(uuid(), startSeconds, cues[at + 1])
      act({ type: 'edit', change: (all) => [...all, added] })
      cursorRef.current = 0
      select(added.id)
    },
    remove() {
      if (!cue) return
      act({ type: 'edit', change: (all) => all.filter((one) => one.id !== cue.id) })
      select((cues[index + 1] ?? cues[index - 1])?.id)
    },
    undo: () => act({ type: 'undo' }),
    redo: () => act({ type: 'redo' }),
    find: given.onFind,
    help: given.onHelp,
  }
  const newest = useRef(commands)
  useEffect(() => void (newest.current = commands))
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const command = event.key === '?' && !isEditableTarget(event.target) ? 'help' : matchCommand(event)
      if (!command || document.querySelector('[role="dialog"][data-state="open"]')) return
      // The fields of times and of finding have their own undo.
      const isOwnUndo = command === 'undo' || command === 'redo'
      if (isOwnUndo && event.target instanceof HTMLInputElement) return
      event.preventDefault()
      newest.current[command]()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return commands
}
