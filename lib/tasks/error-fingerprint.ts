import { AppError, errorMessage } from '../errors'

const MAX_LENGTH = 300

/**
 * What dead letters are grouped by: the fingerprint of the error. An AppError, whose message is in the language of a user,
 * has that of the error that caused it, or else its code.
 */
export function findErrorCause(error: unknown): string {
  if (!(error instanceof AppError)) return fingerprintError(errorMessage(error))
  return error.cause === undefined ? error.code : findErrorCause(error.cause)
}

/**
 * Removes the variable parts of an error message (ids, numbers, paths, quoted names), by which dead letters with the
 * same cause are grouped.
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
