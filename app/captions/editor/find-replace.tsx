'use client'

import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import type { CueDto } from '@/lib/captions/contract'
import { type Found, findText, replaceText } from './cue-edits'

interface Given {
  cues: readonly CueDto[]
  onShow(place: Found): void
  onReplace(change: (cues: readonly CueDto[]) => readonly CueDto[]): void
  onClose(): void
}

/** Finds a text in all cues and writes another in its place, one by one or all at once. */
export function FindReplace({ cues, onShow, onReplace, onClose }: Given) {
  const [text, setText] = useState('')
  const [by, setBy] = useState('')
  const [isCaseKept, setCaseKept] = useState(false)
  const [wanted, setWanted] = useState(0)
  const places = useMemo(() => findText(cues, { text, isCaseKept }), [cues, text, isCaseKept])
  const at = Math.min(wanted, places.length - 1)
  const step = (way: 1 | -1) => {
    if (places.length === 0) return
    const to = (at + way + places.length) % places.length
    setWanted(to)
    onShow(places[to]!)
  }
  const replace = (some: readonly Found[]) => onReplace((all) => replaceText(all, some, by))
  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) step(event.shiftKey ? -1 : 1)
  }
  const isNone = places.length === 0
  return (
    <search className="flex flex-col gap-1.5 border-b p-2" aria-label="Find and replace">
      <div className="flex items-center gap-1.5">
        <Input
          aria-label="Find"
          placeholder="Find"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to type here
          autoFocus
          className="h-8"
          value={text}
          onChange={(event) => (setText(event.target.value), setWanted(0))}
          onKeyDown={press}
        />
        <span
          role="status"
          className="text-right text-sm whitespace-nowrap text-muted-foreground tabular-nums"
        >
          {text !== '' && (isNone ? 'None' : `${at + 1} of ${places.length}`)}
        </span>
        <Button size="sm" variant="ghost" aria-label="Previous" disabled={isNone} onClick={() => step(-1)}>
          <ChevronUp className="size-4" />
        </Button>
        <Button size="sm" variant="ghost" aria-label="Next" disabled={isNone} onClick={() => step(1)}>
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
        />
        <label className="flex items-center gap-1.5 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-primary"
            checked={isCaseKept}
            onChange={(event) => setCaseKept(event.target.checked)}
          />
          Aa
          <span className="sr-only">Only in this case</span>
        </label>
        <Button size="sm" disabled={isNone} onClick={() => replace([places[at]!])}>
          Replace
        </Button>
        <Button size="sm" disabled={isNone} onClick={() => replace(places)}>
          Replace all
        </Button>
      </div>
    </search>
  )
}
