import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker'
import pg from 'pg'

const logger = new Logger(() => () => undefined)

/**
 * graphile-worker with the records that a task has here, in as few statements: a row with its state, an attempt and two
 * log lines. Starting, logging and completing are one durable statement each, and a listener is notified of each change.
 */
export async function openGraphileTracker(connectionString: string) {
  const pool = new pg.Pool({ connectionString, max: 20 })
  const ignore = () => undefined
  pool.on('error', ignore).on('connect', (client) => client.on('error', ignore))
  const utils = await makeWorkerUtils({ pgPool: pool, logger })
  await utils.migrate()
  await pool.query(`
    CREATE SCHEMA IF NOT EXISTS tracked;
    CREATE TABLE IF NOT EXISTS tracked.task (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(), state text NOT NULL DEFAULT 'queued', payload jsonb NOT NULL,
      result jsonb, "createdAt" timestamp NOT NULL DEFAULT now(), "startedAt" timestamp, "finishedAt" timestamp);
    CREATE TABLE IF NOT EXISTS tracked.attempt (
      id bigserial PRIMARY KEY, "taskId" uuid NOT NULL REFERENCES tracked.task, "startedAt" timestamp NOT NULL DEFAULT now(),
      "endedAt" timestamp, outcome text);
    CREATE INDEX IF NOT EXISTS attempt_task ON tracked.attempt ("taskId");
    CREATE TABLE IF NOT EXISTS tracked.log_line (
      id bigserial PRIMARY KEY, "taskId" uuid NOT NULL REFERENCES tracked.task, at timestamp NOT NULL DEFAULT now(),
      message text NOT NULL);
    CREATE INDEX IF NOT EXISTS log_line_task ON tracked.log_line ("taskId")`)
  return {
    enqueue: () =>
      pool.query(`
        WITH task AS (INSERT INTO tracked.task (payload) VALUES ('{"videoId":"00000000-0000-4000-8000-000000000000"}') RETURNING id)
        SELECT graphile_worker.add_job('tracked', json_build_object('id', id)), pg_notify('tracked', id::text) FROM task`),
    /** Starts a worker with `slots` slots. Returns a function that stops it. */
    async openWorker(slots: number, onStart: () => void) {
      const worker = await runGraphile({
        pgPool: pool,
        logger,
        concurrency: slots,
        noHandleSignals: true,
        taskList: {
          async tracked(payload) {
            const { id } = payload as { id: string }
            await pool.query(START_SQL, [id])
            onStart()
            await pool.query(LOG_SQL, [id])
            await pool.query(COMPLETE_SQL, [id])
          },
        },
      })
      return () => worker.stop()
    },
    async close() {
      await utils.release()
      await pool.end()
    },
  }
}

const START_SQL = `
  WITH started AS (
    UPDATE tracked.task SET state = 'in_progress', "startedAt" = now() WHERE id = $1 AND state = 'queued' RETURNING id
  ), attempt AS (INSERT INTO tracked.attempt ("taskId") SELECT id FROM started)
  SELECT pg_notify('tracked', id::text) FROM started`

const LOG_SQL = `INSERT INTO tracked.log_line ("taskId", message) VALUES ($1, 'attempt started'), ($1, 'task done')`

const COMPLETE_SQL = `
  WITH done AS (
    UPDATE tracked.task SET state = 'done', "finishedAt" = now(), result = '{}' WHERE id = $1 AND state = 'in_progress' RETURNING id
  ), attempt AS (
    UPDATE tracked.attempt SET "endedAt" = now(), outcome = 'done' FROM done WHERE "taskId" = done.id AND "endedAt" IS NULL
  )
  SELECT pg_notify('tracked', id::text) FROM done`
