const MAX_LENGTH = 300

/**
 * Removes from an error message what differs between tasks (ids, numbers, paths, quoted names), so that dead letters
 * with the same cause group together.
 */
export function fingerprintError(message: string) {
  return message
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '…')
    .replaceAll(/(["'`“]).*?(["'`”])/g, '$1…$2')
    .replaceAll(/(?<![\w…])\.{0,2}(\/[\w.@…-]+)+/g, '…')
    .replaceAll(/\b(0x)?[0-9a-f]*\d[0-9a-f]*\b/gi, '#')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
}
