'use client'

import { X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { MatchStepper } from '../match-stepper'
import { replaceMatches, type TextMatch } from './cue-edits'
import type { FindState } from './use-find'

interface Props {
  find: FindState
  /** Receives the search field, so that the shortcut can focus it again. */
  field: RefObject<HTMLInputElement | null>
  /** Called when the current match changes. */
  onNavigate(): void
  onReplace(change: (cues: readonly CueDto[]) => readonly CueDto[]): void
  onClose(): void
}

/** Finds text in all cues and replaces one or all matches. */
export function FindReplace({ find, field, onNavigate, onReplace, onClose }: Props) {
  const [replacement, setReplacement] = useState('')
  const { text, matches, index, currentMatch } = find
  function goToMatch(offset: 1 | -1) {
    onNavigate()
    find.goToMatch(offset)
  }
  function replace(replaced: readonly TextMatch[]) {
    onNavigate()
    onReplace((cues) => replaceMatches(cues, replaced, replacement))
  }
  function handleKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) goToMatch(event.shiftKey ? -1 : 1)
  }
  return (
    <search className="flex flex-col gap-1.5 border-b p-2" aria-label={messages.findAndReplace()}>
      <div className="flex items-center gap-1.5">
        <Input
          ref={field}
          aria-label={messages.find()}
          placeholder={messages.find()}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the user just opened the search
          autoFocus
          className="h-8! max-sm:h-10!"
          value={text}
          onChange={(event) => {
            onNavigate()
            find.setQuery({ text: event.target.value })
          }}
          onKeyDown={handleKeyDown}
        />
        <MatchStepper count={text === '' ? null : matches.length} index={index} onStep={goToMatch} />
        <Button size="sm" variant="ghost" aria-label={messages.closeFind()} onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <Input
          aria-label={messages.replaceWith()}
          placeholder={messages.replaceWith()}
          className="h-8! w-auto! min-w-32! max-sm:h-10! grow basis-32"
          value={replacement}
          onChange={(event) => setReplacement(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
        />
        <label className="flex items-center gap-1.5 text-sm" title={messages.matchCase()}>
          <input
            type="checkbox"
            className="size-4 accent-primary"
            checked={find.isCaseSensitive}
            onChange={(event) => find.setQuery({ isCaseSensitive: event.target.checked })}
          />
          <span aria-hidden>Aa</span>
          <span className="sr-only">{messages.matchCase()}</span>
        </label>
        <Button size="sm" disabled={!currentMatch} onClick={() => currentMatch && replace([currentMatch])}>
          {messages.replace()}
        </Button>
        <Button size="sm" disabled={!currentMatch} onClick={() => replace(matches)}>
          {messages.replaceAll()}
        </Button>
      </div>
    </search>
  )
}
