/**
 * A name that people see, as one line: without control characters, which the database refuses (NUL) or a
 * page cannot show, and without those that turn the direction of writing and so let a name look like another.
 */
export const sanitizeText = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()

/** The same of a text of several lines, which keeps its directions of writing. */
export const sanitizeMultilineText = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')

/** The first `length` characters (of UTF-16) at most, without the half of one that takes two. */
export const truncateText = (text: string, length: number) =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '')

/** The name of a file as its sender gave it, without folders of any system; at most 255 characters. */
export const sanitizeFilename = (name: string) =>
  truncateText(sanitizeText(name.split(/[/\\]/).at(-1) ?? ''), 255)
