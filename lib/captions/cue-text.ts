import { decodeHTMLStrict } from 'entities'

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

/** Removes control characters, spaces around lines, and empty lines. */
export const toVisibleLines = (text: string) =>
  text
    .split('\n')
    // PostgreSQL rejects NUL, and other control characters are invisible.
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
