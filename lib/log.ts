import pino from 'pino'
import { config } from './config/config'

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

/** pg attaches its whole client to an error. */
function serializeError(error: Error) {
  const { client: _client, ...fields } = pino.stdSerializers.err(error)
  return fields
}
