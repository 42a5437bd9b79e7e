import { Writable } from 'node:stream'
import pino from 'pino'
import { config } from '@/lib/config/config'
import type { Db } from '@/lib/database/db'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import { log as processLog } from '@/lib/log'
import { errorCode } from '@/lib/errors'

/** Lines that come within this time are written at once: many a task is done before. */
const FLUSH_DELAY_MS = 50

/** Logs of one run go to the process log and, in order, to the rows that the task page shows. */
export function createTaskLogger({ db, task }: { db: Db; task: Task }) {
  let writing: Promise<unknown> = Promise.resolve()
  let gathered: Prisma.TaskLogLineCreateManyInput[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const data = gathered
    gathered = []
    if (data.length === 0) return writing
    writing = writing
      .then(() => db.taskLogLine.createMany({ data }))
      .catch((error: unknown) => {
        if (isTaskDeleted(error)) return
        processLog.warn({ err: error, taskId: task.id }, 'lines of a task log were lost')
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
      gathered.push({
        taskId: task.id,
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
      // The rows want `info` even where the process is to be quieter.
      level: pino.levels.values[config().LOG_LEVEL]! < pino.levels.values.info! ? config().LOG_LEVEL : 'info',
      base: { pid: process.pid, taskId: task.id, kind: task.kind, attempt: task.attempts },
    },
    pino.multistream([
      { stream: process.stdout, level: config().LOG_LEVEL },
      { stream: rows, level: 'info' },
    ]),
  )
  return { log, end: flush }
}

/** The task was deleted meanwhile, and its log with it. */
const isTaskDeleted = (error: unknown) => errorCode(error) === 'P2003'
