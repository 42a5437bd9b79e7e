import { decodeHTMLStrict } from 'entities'
import { sanitizeText, truncateText } from '../text/sanitize'

/** Removes the markup of WebVTT, SubRip and ffmpeg's converters from the text of a cue. */
export const stripCueMarkup = (text: string) =>
  toVisibleLines(
    decodeHTMLStrict(
      text
        .toWellFormed()
        .replaceAll(/<\/?(?:[bicuv]|ruby|rt|lang|font|s)(?:[. \t\n][^<>]*)?>|<\d[\d:.]*>/gi, '')
        .replaceAll(/\{\\[^{}]*\}/g, '')
        .replaceAll(/\\[Nn]/g, '\n'),
    ),
  )

/** The speaker of a cue that WebVTT marks as one voice, `<v Ada>`; undefined for none or several. */
export function findVoice(text: string) {
  const [voice, other] = [...text.matchAll(/<v(?:\.[^\s<>]*)?[ \t]([^<>]+)>/g)]
  if (!voice || other) return undefined
  return truncateText(sanitizeText(decodeHTMLStrict(voice[1]!)), 100) || undefined
}

/** Removes control characters, spaces around lines, and empty lines. */
export const toVisibleLines = (text: string) =>
  text
    .split('\n')
    // PostgreSQL rejects NUL, and other control characters are invisible.
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
