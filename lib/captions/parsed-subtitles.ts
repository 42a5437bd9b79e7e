import * as messages from '@/lib/generated/messages/caption-errors'

/** A cue of a subtitle file. Times in seconds; the text without markup. */
export interface ParsedCue {
  startSeconds: number
  endSeconds: number
  text: string
  speaker?: string
}

export interface ParsedSubtitles {
  cues: ParsedCue[]
  /** Skipped cues and damaged lines, by line, counted from 1; at most MAX_PROBLEMS. */
  problems: { line: number; message: string }[]
  /** Number of further ones. */
  moreProblems: number
}

/** More than a day of speech. Parsing stops after one more cue, which shows that the limit is exceeded. */
export const MAX_CUES = 50_000
const MAX_PROBLEMS = 100
const MAX_CUE_CHARACTERS = 2_000

/** Adds a cue, or the problem that it has no text or too much of it. `line` is that of its times. */
export function addCue(found: ParsedSubtitles, cue: ParsedCue, line: number) {
  if (cue.text === '') return addProblem(found, line, messages.noText())
  if (cue.text.length > MAX_CUE_CHARACTERS)
    return addProblem(found, line, messages.textTooLong({ maximum: String(MAX_CUE_CHARACTERS) }))
  found.cues.push(cue)
}

/** Adds a problem with a line, counted from 1. */
export function addProblem(found: ParsedSubtitles, line: number, message: string) {
  if (found.problems.length < MAX_PROBLEMS) found.problems.push({ line, message })
  else found.moreProblems++
}
