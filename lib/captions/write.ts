import type { CueDto } from './contract'

type Line = Pick<CueDto, 'startSeconds' | 'endSeconds' | 'text'>

/**
 * A WebVTT file (W3C). What people wrote is data: no text becomes markup, ends its cue or begins another.
 * `mpegTs` maps the cues' zero to that time of the media, in ticks of 90 kHz (RFC 8216, 3.5).
 */
export function toWebVtt(cues: readonly Line[], mpegTs?: number) {
  const map = mpegTs === undefined ? '' : `X-TIMESTAMP-MAP=MPEGTS:${mpegTs},LOCAL:00:00:00.000\n`
  const blocks = cues.map(
    ({ text, ...times }) =>
      `${clock(times.startSeconds, '.')} --> ${clock(times.endSeconds, '.')}\n${escapeVtt(linesOf(text))}\n`,
  )
  return `WEBVTT\n${map}\n${blocks.join('\n')}`
}

/** SubRip: numbered cues. It has no escapes; players show the text as it is, or take <b> and <i> for markup. */
export const toSubRip = (cues: readonly Line[]) =>
  cues
    .map(
      ({ text, ...times }, n) =>
        `${n + 1}\r\n${clock(times.startSeconds, ',')} --> ${clock(times.endSeconds, ',')}\r\n${subRipText(text)}\r\n`,
    )
    .join('\r\n')

/** A line for each cue: `[00:01:02] words`. */
export const toPlainText = (cues: readonly Line[]) =>
  cues
    .map(
      ({ startSeconds, text }) =>
        `[${clock(startSeconds, '.').slice(0, -4)}] ${linesOf(text).replaceAll('\n', ' ')}\n`,
    )
    .join('')

/** Empty lines end a cue in both formats. */
const linesOf = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')

// `>` is escaped as well: `-->` in a text would make the line a cue's times.
const escapeVtt = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const subRipText = (text: string) => linesOf(text).replaceAll('-->', '->').replaceAll('\n', '\r\n')

function clock(seconds: number, point: '.' | ',') {
  const ms = Math.max(0, Math.round(seconds * 1000))
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${String(ms % 1000).padStart(3, '0')}`
}
