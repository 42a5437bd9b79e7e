import pino from 'pino'
import { config } from './config'

/** Fields first, constant message: `log.info({ taskId, durationMs }, 'task done')`. */
export const log = pino({
  level: config().LOG_LEVEL,
  base: { pid: process.pid },
  redact: [
    'authorization',
    'cookie',
    'password',
    '*.password',
    'req.headers.authorization',
    'req.headers.cookie',
  ],
})
