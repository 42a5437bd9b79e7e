import { Writable } from 'node:stream'
import pino from 'pino'
import { config } from '@/lib/config/config'
import type { Db } from '@/lib/database/db'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import { log as processLog } from '@/lib/log'
import { errorCode } from '@/lib/errors'

/** Lines logged within this time are written together. Many tasks are done within it. */
const FLUSH_DELAY_MS = 50

/**
 * Creates a logger for one run, which writes to the process log and, in order, to the rows shown on the task page.
 * `flush` resolves when all rows are written.
 */
export function createTaskLogger({ db, task }: { db: Db; task: Task }) {
  let writing: Promise<unknown> = Promise.resolve()
  let pending: Prisma.TaskLogLineCreateManyInput[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const data = pending
    pending = []
    if (data.length === 0) return writing
    writing = writing
      .then(() => db.taskLogLine.createMany({ data }))
      .catch((error: unknown) => {
        if (isTaskDeleted(error)) return
        processLog.warn({ err: error, taskId: task.id }, 'could not write task log')
      })
    return writing
  }
  const rows = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const {
        level,
        msg,
        err,
        pid: _pid,
        time,
        taskId: _id,
        kind: _kind,
        attempt: _attempt,
        ...fields
      } = JSON.parse(String(chunk))
      const extra = Object.keys(fields).length ? ` ${JSON.stringify(fields)}` : ''
      const cause = err?.message ? `: ${err.message}` : ''
      pending.push({
        // The log of a task includes those of its parts.
        taskId: task.partOfId ?? task.id,
        at: new Date(time),
        attempt: task.attempts,
        level: pino.levels.labels[level] ?? 'info',
        message: `${msg ?? ''}${cause}${extra}`.replaceAll('\0', '').slice(0, 8_000),
      })
      timer ??= setTimeout(() => void flush(), FLUSH_DELAY_MS)
      done()
    },
  })
  const log = pino(
    {
      // Rows are written from `info` on, even if LOG_LEVEL is higher.
      level: pino.levels.values[config().LOG_LEVEL]! < pino.levels.values.info! ? config().LOG_LEVEL : 'info',
      base: { pid: process.pid, taskId: task.id, kind: task.kind, attempt: task.attempts },
    },
    pino.multistream([
      { stream: process.stdout, level: config().LOG_LEVEL },
      { stream: rows, level: 'info' },
    ]),
  )
  return { log, flush }
}

/** Prisma's code for a violated foreign key: the task, and its log with it, was deleted. */
const isTaskDeleted = (error: unknown) => errorCode(error) === 'P2003'
