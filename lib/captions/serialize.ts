import { formatCueTime } from '../text/format-cue-time'
import type { CueDto } from './schema'

type TimedText = Pick<CueDto, 'startSeconds' | 'endSeconds' | 'text'> & Partial<Pick<CueDto, 'speaker'>>

/**
 * Serializes cues as WebVTT (W3C) with speakers as voices. Texts are escaped, so that they cannot become markup or end a
 * cue. `mpegTs` is the media time of the zero of the cues, in ticks of 90 kHz (RFC 8216, 3.5).
 */
export function toWebVtt(cues: readonly TimedText[], mpegTs?: number) {
  const map = mpegTs === undefined ? '' : `X-TIMESTAMP-MAP=MPEGTS:${mpegTs},LOCAL:00:00:00.000\n`
  const blocks = cues.map(
    ({ text, speaker, ...times }) =>
      `${formatCueTime(times.startSeconds)} --> ${formatCueTime(times.endSeconds)}\n${toVoiceTag(speaker)}${escapeVtt(dropEmptyLines(text))}\n`,
  )
  return `WEBVTT\n${map}\n${blocks.join('\n')}`
}

const toVoiceTag = (speaker?: string | null) => (speaker ? `<v ${escapeVtt(dropEmptyLines(speaker))}>` : '')

/** Serializes cues as SubRip. It has no escapes, so some players interpret `<b>` and `<i>` in texts. */
export const toSubRip = (cues: readonly TimedText[]) =>
  introduceSpeakers(cues)
    .map(
      ({ text, ...times }, n) =>
        `${n + 1}\r\n${formatCueTime(times.startSeconds, ',')} --> ${formatCueTime(times.endSeconds, ',')}\r\n${escapeSubRip(text)}\r\n`,
    )
    .join('\r\n')

/** Serializes each cue as a line: `[00:01:02] words`. */
export const toPlainText = (cues: readonly TimedText[]) =>
  introduceSpeakers(cues)
    .map(
      ({ startSeconds, text }) =>
        `[${formatCueTime(startSeconds).slice(0, -4)}] ${dropEmptyLines(text).replaceAll('\n', ' ')}\n`,
    )
    .join('')

/** Starts texts with `NAME: ` where the speaker changes, for formats that have no voices. */
const introduceSpeakers = (cues: readonly TimedText[]) =>
  cues.map((cue, n) => ({
    ...cue,
    text: cue.speaker && cue.speaker !== cues[n - 1]?.speaker ? `${cue.speaker}: ${cue.text}` : cue.text,
  }))

/** An empty line ends a cue in both formats. */
const dropEmptyLines = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')

// `>` is escaped because a line with `-->` would be parsed as the times of a cue.
const escapeVtt = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeSubRip = (text: string) => dropEmptyLines(text).replaceAll('-->', '->').replaceAll('\n', '\r\n')
