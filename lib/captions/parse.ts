import * as messages from '@/lib/generated/messages/caption-errors'
import { ASS_HEADER, parseAss } from './parse-ass'
import { addCue, addProblem, MAX_CUES, type ParsedSubtitles } from './parsed-subtitles'
import { findVoice, stripCueMarkup } from './cue-text'

const ARROW = '-->'
/** Hours are optional. Tolerates spaces, a missing fraction and one after a colon: `00: 00: 01:500`. */
const TIMESTAMP = /^(?:(\d{1,4}) *: *)?(\d{1,2}) *: *(\d{1,2})(?: *[.,] *(\d{1,9})| *: *(\d{3,9}))?$/

/** A cue, a comment or style of WebVTT, a cue whose times are invalid, or lines that belong to none of these. */
type Block = { /** Of its times, or its first one; counted from 1. */ line: number; lines: string[] } & (
  | { kind: 'cue'; startSeconds: number; endSeconds: number }
  | { kind: 'meta' | 'skipped' | 'other' }
)

/**
 * Parses WebVTT, SubRip or Advanced SubStation Alpha. Invalid cues are skipped and reported by line. Markup (`<b>`,
 * `{\an8}`, voices, character references) is converted to plain text. The text of a cue in SubRip may contain empty lines,
 * and the one before the next cue may be missing.
 */
export function parseSubtitles(file: string): ParsedSubtitles {
  const text = file.replace(/^\uFEFF/, '')
  return ASS_HEADER.test(text) ? parseAss(text) : parseCues(text)
}

function parseCues(text: string): ParsedSubtitles {
  const lines = text.split(/\r\n|\r|\n/)
  const isWebVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  const isMeta = (line: string, at: number) =>
    isWebVtt && (at === 1 || /^(NOTE|STYLE|REGION)(?:[ \t]|$)/.test(line))
  const found: ParsedSubtitles = { cues: [], problems: [], moreProblems: 0 }
  let block = null as Block | null
  const isFull = () => found.cues.length > MAX_CUES
  for (const [index, line] of lines.entries()) {
    const at = index + 1
    if (isFull()) break
    // In SubRip, the text of a cue ends at the number of the next one, whose times may be missing.
    const isText = !isWebVtt && block?.kind === 'cue'
    const isNext = isText && isNumber(line) && block!.lines.at(-1)?.trim() === ''
    if (!block && isMeta(line, at)) block = { kind: 'meta', line: at, lines: [] }
    else if (line.includes(ARROW)) {
      // Some programs omit the empty line.
      if (isText && isNumber(block!.lines.at(-1))) block!.lines.pop()
      // Other lines are the identifier of this cue.
      if (block && block.kind !== 'other') addBlock(found, block)
      block = startCue(found, line, at)
    } else if (block && (isText ? isNext : line.trim() === '')) {
      addBlock(found, block)
      block = isNext ? { kind: 'other', line: at, lines: [line] } : null
    } else if (block) block.lines.push(line)
    else if (line.trim() !== '') block = { kind: 'other', line: at, lines: [line] }
  }
  if (block && !isFull()) addBlock(found, block)
  found.cues.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds)
  return found
}

const isNumber = (line = '') => /^\d+$/.test(line.trim())

function startCue(found: ParsedSubtitles, text: string, line: number): Block {
  const [from = '', rest = ''] = text.split(ARROW)
  const startSeconds = parseTimestamp(from.trim())
  // Settings may follow.
  const endSeconds = parseTimestamp(/^[\d:., ]*\d/.exec(rest.trim())?.[0] ?? '')
  const isValid = startSeconds !== null && endSeconds !== null && endSeconds > startSeconds
  if (isValid) return { kind: 'cue', line, lines: [], startSeconds, endSeconds }
  if (startSeconds === null || endSeconds === null)
    addProblem(found, line, messages.invalidTimes({ times: text.trim().slice(0, 60) }))
  else if (endSeconds === startSeconds) addProblem(found, line, messages.endsAtStart())
  else addProblem(found, line, messages.endsBeforeStart())
  return { kind: 'skipped', line, lines: [] }
}

function addBlock(found: ParsedSubtitles, block: Block) {
  if (block.kind === 'other')
    return addProblem(
      found,
      block.line,
      messages.missingTimes({ example: `00:00:01.000 ${ARROW} 00:00:02.000` }),
    )
  if (block.kind !== 'cue') return
  const { line, startSeconds, endSeconds } = block
  const text = block.lines.join('\n')
  const cue = { startSeconds, endSeconds, text: stripCueMarkup(text), speaker: findVoice(text) }
  addCue(found, cue, line)
}

function parseTimestamp(time: string) {
  const [, hours = '0', minutes, seconds, fraction, afterColon] = TIMESTAMP.exec(time) ?? []
  if (!minutes || !seconds || Number(minutes) > 59 || Number(seconds) > 59) return null
  return (
    Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction ?? afterColon ?? 0}`)
  )
}
