/** A cue of a subtitle file. Times in seconds; the text without markup. */
interface ParsedCue {
  startSeconds: number
  endSeconds: number
  text: string
}

export interface ParsedSubtitles {
  cues: ParsedCue[]
  /** Skipped cues by line, counted from 1; at most MAX_PROBLEMS. */
  problems: { line: number; message: string }[]
  /** Number of further skipped cues. */
  moreProblems: number
}

/** More than a day of speech. Parsing stops after one more cue, which shows that the limit is exceeded. */
export const MAX_CUES = 50_000
const MAX_PROBLEMS = 100

const ARROW = '-->'
const TIMESTAMP = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})$/
const MAX_CUE_CHARACTERS = 2_000

/**
 * Parses WebVTT or SubRip. Invalid cues are skipped and reported by line. Markup (`<b>`, `{\an8}`, voices, entities) is
 * converted to plain text.
 */
export function parseSubtitles(text: string): ParsedSubtitles {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const isWebVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  const found: ParsedSubtitles = { cues: [], problems: [], moreProblems: 0 }
  let at = 0
  while (at < lines.length && found.cues.length <= MAX_CUES) {
    if (lines[at]!.trim() === '') {
      at++
      continue
    }
    let end = at
    while (end < lines.length && lines[end]!.trim() !== '') end++
    const isMeta = isWebVtt && (at === 0 || /^(NOTE|STYLE|REGION)(?:[ \t]|$)/.test(lines[at]!))
    // A cue may follow the block without an empty line.
    if (isMeta) at++
    const hasCue = !isMeta || lines.slice(at, end).some((line) => line.includes(ARROW))
    if (hasCue) parseBlock(lines, { at, end }, found)
    at = end
  }
  found.cues.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds)
  return found
}

/** Parses a block of an identifier, times and text. Some programs omit the empty line between cues. */
function parseBlock(lines: string[], block: { at: number; end: number }, found: ParsedSubtitles) {
  const isTimes = (line: number) => lines[line]!.includes(ARROW)
  const times: number[] = []
  for (let line = block.at; line < block.end; line++) if (isTimes(line)) times.push(line)
  if (times.length === 0)
    return addProblem(found, block.at, `Missing times (00:00:01.000 ${ARROW} 00:00:02.000).`)
  times.forEach((line, n) => {
    const next = times[n + 1]
    // The number of the next cue is not part of this text.
    const end = next === undefined ? block.end : /^\d+$/.test(lines[next - 1]!.trim()) ? next - 1 : next
    parseCue(lines, { line, end: Math.max(end, line + 1) }, found)
  })
}

function parseCue(lines: string[], { line, end }: { line: number; end: number }, found: ParsedSubtitles) {
  const skip = (message: string) => addProblem(found, line, message)
  const [from = '', rest = ''] = lines[line]!.split(ARROW)
  const startSeconds = parseTimestamp(from.trim())
  const endSeconds = parseTimestamp(rest.trim().split(/\s+/)[0] ?? '')
  if (startSeconds === null || endSeconds === null)
    return skip(`Invalid times: ${lines[line]!.trim().slice(0, 60)}`)
  if (endSeconds <= startSeconds) return skip('The cue ends before it starts.')
  const text = stripCueMarkup(lines.slice(line + 1, end).join('\n'))
  if (text === '') return skip('The cue has no text.')
  if (text.length > MAX_CUE_CHARACTERS)
    return skip(`The text is longer than ${MAX_CUE_CHARACTERS} characters.`)
  found.cues.push({ startSeconds, endSeconds, text })
}

function addProblem(found: ParsedSubtitles, line: number, message: string) {
  if (found.problems.length < MAX_PROBLEMS) found.problems.push({ line: line + 1, message })
  else found.moreProblems++
}

function parseTimestamp(time: string) {
  const [, hours = '0', minutes, seconds, fraction] = TIMESTAMP.exec(time) ?? []
  if (!minutes || !seconds || !fraction || Number(minutes) > 59 || Number(seconds) > 59) return null
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`)
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
}

/** Removes the markup of WebVTT, SubRip and ffmpeg's converters from the text of a cue. */
const stripCueMarkup = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/<\/?(?:[bicuv]|ruby|rt|lang|font|s)(?:[. \t\n][^<>]*)?>|<\d[\d:.]*>/gi, '')
    .replaceAll(/\{\\[^{}]*\}/g, '')
    .replaceAll(/\\[Nn]/g, '\n')
    .replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => ENTITIES[name]!)
    .split('\n')
    // PostgreSQL rejects NUL, and other control characters are invisible.
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
