import type { CueDto } from './schema'

type TimedText = Pick<CueDto, 'startSeconds' | 'endSeconds' | 'text'>

/**
 * A WebVTT file (W3C). What people wrote is data: no text becomes markup, ends its cue or begins another.
 * `mpegTs` maps the cues' zero to that time of the media, in ticks of 90 kHz (RFC 8216, 3.5).
 */
export function toWebVtt(cues: readonly TimedText[], mpegTs?: number) {
  const map = mpegTs === undefined ? '' : `X-TIMESTAMP-MAP=MPEGTS:${mpegTs},LOCAL:00:00:00.000\n`
  const blocks = cues.map(
    ({ text, ...times }) =>
      `${formatTimestamp(times.startSeconds, '.')} --> ${formatTimestamp(times.endSeconds, '.')}\n${escapeVtt(dropEmptyLines(text))}\n`,
  )
  return `WEBVTT\n${map}\n${blocks.join('\n')}`
}

/** SubRip: numbered cues. It has no escapes; players show the text as it is, or take <b> and <i> for markup. */
export const toSubRip = (cues: readonly TimedText[]) =>
  cues
    .map(
      ({ text, ...times }, n) =>
        `${n + 1}\r\n${formatTimestamp(times.startSeconds, ',')} --> ${formatTimestamp(times.endSeconds, ',')}\r\n${escapeSubRip(text)}\r\n`,
    )
    .join('\r\n')

/** A line for each cue: `[00:01:02] words`. */
export const toPlainText = (cues: readonly TimedText[]) =>
  cues
    .map(
      ({ startSeconds, text }) =>
        `[${formatTimestamp(startSeconds, '.').slice(0, -4)}] ${dropEmptyLines(text).replaceAll('\n', ' ')}\n`,
    )
    .join('')

/** Empty lines end a cue in both formats. */
const dropEmptyLines = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')

// `>` is escaped as well: `-->` in a text would make the line a cue's times.
const escapeVtt = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeSubRip = (text: string) => dropEmptyLines(text).replaceAll('-->', '->').replaceAll('\n', '\r\n')

function formatTimestamp(seconds: number, point: '.' | ',') {
  const ms = Math.max(0, Math.round(seconds * 1000))
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${String(ms % 1000).padStart(3, '0')}`
}
