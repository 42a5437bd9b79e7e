import { Writable } from 'node:stream'
import pino from 'pino'
import { config } from '@/lib/config/config'
import type { Task } from '@/lib/generated/prisma/client'
import { serializeError } from '@/lib/log'
import type { TaskLogWriter } from './task-log-writer'

/** Creates a logger for the runs of one worker, which writes to the process log and to the rows shown on task pages. */
export function createRunLogger(writer: Pick<TaskLogWriter, 'add'>) {
  const rows = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writer.add(toLine(String(chunk)))
      done()
    },
  })
  return pino(
    {
      // Rows are written from `info` on, even if LOG_LEVEL is higher.
      level: pino.levels.values[config().LOG_LEVEL]! < pino.levels.values.info! ? config().LOG_LEVEL : 'info',
      base: { pid: process.pid },
      serializers: { err: serializeError },
    },
    pino.multistream([
      { stream: process.stdout, level: config().LOG_LEVEL },
      { stream: rows, level: 'info' },
    ]),
  )
}

/** The fields by which the lines of a run are identified. */
export const logFieldsOf = ({ id, kind, attempts, partOfId }: Task) => ({
  taskId: id,
  kind,
  attempt: attempts,
  partOf: partOfId ?? undefined,
})

function toLine(json: string) {
  const {
    level,
    msg,
    err,
    pid: _pid,
    time,
    taskId,
    kind: _kind,
    attempt,
    partOf,
    ...fields
  } = JSON.parse(json)
  const extra = Object.keys(fields).length ? ` ${JSON.stringify(fields)}` : ''
  const cause = err?.message ? `: ${err.message}` : ''
  return {
    // The log of a task includes those of its parts.
    taskId: partOf ?? taskId,
    at: new Date(time),
    attempt,
    level: pino.levels.labels[level] ?? 'info',
    message: `${msg ?? ''}${cause}${extra}`.replaceAll('\0', '').slice(0, 8_000),
  }
}
