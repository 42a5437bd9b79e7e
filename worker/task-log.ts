import { Writable } from 'node:stream'
import pino from 'pino'
import { config } from '@/lib/config'
import type { Db } from '@/lib/db'
import type { Task } from '@/lib/generated/prisma/client'
import { log as processLog } from '@/lib/log'

/** Logs of one run go to the process log and, in order, to the rows that the task page shows. */
export function taskLogger({ db, task }: { db: Db; task: Task }) {
  let writing: Promise<unknown> = Promise.resolve()
  const rows = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const {
        level,
        msg,
        err,
        pid: _pid,
        time: _time,
        taskId: _id,
        kind: _kind,
        attempt: _attempt,
        ...fields
      } = JSON.parse(String(chunk))
      const extra = Object.keys(fields).length ? ` ${JSON.stringify(fields)}` : ''
      const cause = err?.message ? `: ${err.message}` : ''
      const data = {
        taskId: task.id,
        attempt: task.attempts,
        level: pino.levels.labels[level] ?? 'info',
        message: `${msg ?? ''}${cause}${extra}`.replaceAll('\0', '').slice(0, 8_000),
      }
      writing = writing
        .then(() => db.taskLogLine.create({ data }))
        .catch((error: unknown) => {
          if (isGone(error)) return
          processLog.warn({ err: error, taskId: task.id }, 'a task log line was lost')
        })
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
  return { log, end: () => writing }
}

/** The task was deleted meanwhile, and its log with it. */
const isGone = (error: unknown) => (error as { code?: string }).code === 'P2003'
