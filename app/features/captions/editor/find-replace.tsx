'use client'

import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import type { CueDto } from '@/lib/captions/schema'
import { type TextMatch, replaceMatches } from './cue-edits'
import type { FindState } from './use-find'

interface Props {
  find: FindState
  /** Where it is typed what to find. */
  field: RefObject<HTMLInputElement | null>
  /** The place that is found is what the person looks at from now on. */
  onNavigate(): void
  onReplace(change: (cues: readonly CueDto[]) => readonly CueDto[]): void
  onClose(): void
}

/** Finds a text in all cues and writes another in its place, one by one or all at once. */
export function FindReplace({ find, field, onNavigate: onLook, onReplace, onClose }: Props) {
  const [by, setBy] = useState('')
  const { text, places, index, shown } = find
  const step = (way: 1 | -1) => (onLook(), find.step(way))
  const replace = (some: readonly TextMatch[]) => (
    onLook(),
    onReplace((all) => replaceMatches(all, some, by))
  )
  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) step(event.shiftKey ? -1 : 1)
  }
  return (
    <search className="flex flex-col gap-1.5 border-b p-2" aria-label="Find and replace">
      <div className="flex items-center gap-1.5">
        <Input
          ref={field}
          aria-label="Find"
          placeholder="Find"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to type here
          autoFocus
          className="h-8"
          value={text}
          onChange={(event) => (onLook(), find.look({ text: event.target.value }))}
          onKeyDown={press}
        />
        <span
          role="status"
          className="text-right text-sm whitespace-nowrap text-muted-foreground tabular-nums"
        >
          {text !== '' && (shown ? `${index + 1} of ${places.length}` : 'None')}
        </span>
        <Button size="sm" variant="ghost" aria-label="Previous" disabled={!shown} onClick={() => step(-1)}>
          <ChevronUp className="size-4" />
        </Button>
        <Button size="sm" variant="ghost" aria-label="Next" disabled={!shown} onClick={() => step(1)}>
          <ChevronDown className="size-4" />
        </Button>
        <Button size="sm" variant="ghost" aria-label="Close find and replace" onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <Input
          aria-label="Replace by"
          placeholder="Replace by"
          className="h-8 w-auto min-w-32 grow basis-32"
          value={by}
          onChange={(event) => setBy(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
        />
        <label className="flex items-center gap-1.5 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-primary"
            checked={find.isCaseKept}
            onChange={(event) => find.look({ isCaseKept: event.target.checked })}
          />
          Aa
          <span className="sr-only">Only in this case</span>
        </label>
        <Button size="sm" disabled={!shown} onClick={() => shown && replace([shown])}>
          Replace
        </Button>
        <Button size="sm" disabled={!shown} onClick={() => replace(places)}>
          Replace all
        </Button>
      </div>
    </search>
  )
}
