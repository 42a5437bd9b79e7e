/**
 * Returns a displayable single line: replaces control characters, some of which Postgres rejects (NUL), and
 * bidirectional overrides, which can make a name look like another (CVE-2021-42574).
 */
export const sanitizeText = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()

/** As `sanitizeText` for multiline text; keeps line breaks and bidirectional controls. */
export const sanitizeMultilineText = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')

/** Truncates to `length` UTF-16 code units without splitting a surrogate pair. */
export const truncateText = (text: string, length: number) =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '')

/** Returns the last path segment (POSIX or Windows) of a client's file name; at most 255 UTF-16 code units. */
export const sanitizeFilename = (name: string) =>
  truncateText(sanitizeText(name.split(/[/\\]/).at(-1) ?? ''), 255)
