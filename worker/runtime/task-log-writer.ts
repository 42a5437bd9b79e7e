import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '@/lib/database/db'
import { prepared } from '@/lib/database/prepared-statements'
import { log as processLog } from '@/lib/log'

/** Lines logged within this time are written together. Many tasks are done within it. */
const WRITE_DELAY_MS = 50

export interface TaskLogLine {
  taskId: string
  at: Date
  attempt: number
  level: string
  message: string
}

/** Writes the log lines of all runs of this worker to the rows shown on task pages, in order, within 50 ms. */
export class TaskLogWriter {
  #pending: TaskLogLine[] = []
  #writing: Promise<void> | null = null
  /** Aborted to write at once. */
  #waiting = new AbortController()

  constructor(private readonly db: Db) {}

  add(line: TaskLogLine) {
    this.#pending.push(line)
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = null))
  }

  /** Writes all lines now. */
  async flush() {
    this.#waiting.abort()
    await this.#writing
  }

  async #writeAll() {
    while (this.#pending.length > 0) {
      this.#waiting = new AbortController()
      await delay(WRITE_DELAY_MS, undefined, { signal: this.#waiting.signal }).catch(() => undefined)
      const lines = this.#pending
      this.#pending = []
      const lockedIds = await this.#write(lines).catch((error: unknown) => {
        processLog.warn({ err: error, lines: lines.length }, 'could not write task logs')
        return new Set<string>()
      })
      this.#pending.unshift(...lines.filter(({ taskId }) => lockedIds.has(taskId)))
    }
  }

  /**
   * Returns the ids of tasks whose lines were left out, because a transaction has locked them: waiting while it holds others
   * could deadlock. Drops the lines of deleted tasks.
   */
  async #write(lines: readonly TaskLogLine[]) {
    const ids = [...new Set(lines.map(({ taskId }) => taskId))]
    const locked = await this.db.$queryRaw<{ id: string }[]>`
      ${prepared} WITH held AS (
        SELECT id FROM task WHERE id = ANY(${ids}::uuid[]) FOR KEY SHARE SKIP LOCKED
      ), written AS (
        INSERT INTO task_log_line ("taskId", at, attempt, level, message)
        SELECT "taskId", at, attempt, level, message
        FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
          AS ("taskId" uuid, at timestamp, attempt integer, level text, message text)) WITH ORDINALITY AS line
        WHERE "taskId" IN (SELECT id FROM held) ORDER BY ordinality
      )
      SELECT id FROM task WHERE id = ANY(${ids}::uuid[]) AND id NOT IN (SELECT id FROM held)`
    return new Set(locked.map(({ id }) => id))
  }
}
