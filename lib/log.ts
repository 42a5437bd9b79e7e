import pino from 'pino'
import { config } from './config/config'
import { AppError } from './errors'
import { toEnglish } from './i18n/format-source'

/** Fields first, constant message: `log.info({ taskId, durationMs }, 'task done')`. */
export const log = pino({
  level: config().LOG_LEVEL,
  base: { pid: process.pid },
  serializers: { err: serializeError },
  redact: [
    'authorization',
    'cookie',
    'password',
    '*.password',
    'req.headers.authorization',
    'req.headers.cookie',
  ],
})

/** pg attaches its whole client to an error. Messages for users are logged in English. */
export function serializeError(error: Error) {
  const { client: _client, ...fields } = pino.stdSerializers.err(inEnglish(error))
  return fields
}

function inEnglish(error: Error): Error {
  const cause = error.cause instanceof Error ? inEnglish(error.cause) : error.cause
  const message = error instanceof AppError ? error.messageIn('en') : toEnglish(error.message)
  if (cause === error.cause && message === error.message) return error
  return Object.create(error, {
    message: { value: message },
    stack: { value: error.stack?.replace(error.message, () => message) },
    cause: { value: cause },
  }) as Error
}
