import { parse } from 'ass-compiler'
import * as messages from '@/lib/generated/messages/caption-errors'
import { toVisibleLines } from './cue-text'
import { addCue, addProblem, MAX_CUES, type ParsedSubtitles } from './parsed-subtitles'

/** How files of Advanced SubStation Alpha start, as those of its predecessor do. */
export const ASS_HEADER = /^\s*\[Script Info\]/i

const EVENT = /^\s*(Format|Dialogue)\s*:(.*)$/i
/** A longer line is a drawing, if anything; the parser needs quadratic time for some. */
const MAX_LINE_CHARACTERS = 10_000
/** Several layers may repeat a cue. The parser needs about 15 µs for a line. */
const MAX_DIALOGUE_LINES = 2 * MAX_CUES

/**
 * Parses Advanced SubStation Alpha: the text of its dialogue lines without drawings, with the syllables of karaoke joined,
 * and once where several layers show the same text at the same time.
 */
export function parseAss(text: string): ParsedSubtitles {
  const found: ParsedSubtitles = { cues: [], problems: [], moreProblems: 0 }
  const seen = new Set<string>()
  let lines = 0
  for (const { line, dialogue } of readDialogue(text)) {
    if (found.cues.length > MAX_CUES) break
    if (++lines > MAX_DIALOGUE_LINES) {
      addProblem(found, line, messages.tooManyLines())
      break
    }
    if (!dialogue) {
      addProblem(found, line, messages.invalidDialogue())
      continue
    }
    const { Start: startSeconds, End: endSeconds, Text } = dialogue
    const cue = { startSeconds, endSeconds, text: readText(Text.parsed) }
    const key = JSON.stringify(cue)
    if (seen.has(key) || cue.text === '') continue
    seen.add(key)
    if (endSeconds > startSeconds) addCue(found, cue, line)
    else addProblem(found, line, messages.endsBeforeStart())
  }
  found.cues.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds)
  return found
}

/** Parses each dialogue line on its own; `dialogue` is undefined for an invalid one. */
function* readDialogue(text: string) {
  let format = 'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text'
  let isEvents = false
  for (const [n, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.startsWith('[')) isEvents = /^\[Events\]/i.test(line)
    if (!isEvents || line.length > MAX_LINE_CHARACTERS) continue
    const [, name = '', value = ''] = EVENT.exec(line.replaceAll(/\s+/g, ' ')) ?? []
    if (/^format$/i.test(name)) format = value
    if (!/^dialogue$/i.test(name)) continue
    const [dialogue] = parse(`[Events]\nFormat:${format}\nDialogue:${value}`).events.dialogue
    const isValid =
      dialogue && Number.isFinite(dialogue.Start) && Number.isFinite(dialogue.End) && dialogue.Text
    yield { line: n + 1, dialogue: isValid ? dialogue : undefined }
  }
}

/** Joins the parts of a line that are no drawings: `\p1` starts one, `\p0` ends it. */
function readText(parts: { tags: { p?: number }[]; text: string }[]) {
  let isDrawing = false
  const texts = parts.map(({ tags, text }) => {
    for (const { p } of tags) if (p !== undefined) isDrawing = p > 0
    return isDrawing ? '' : text
  })
  return toVisibleLines(
    texts
      .join('')
      .toWellFormed()
      .replaceAll(/\\[Nn]/g, '\n')
      .replaceAll('\\h', ' '),
  )
}
