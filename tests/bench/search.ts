import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { listAuditEntries } from '@/lib/audit/queries'
import { openDb } from '@/lib/database/db'
import { searchTasks } from '@/lib/queues/search'
import { registerAllTasks } from '@/lib/register-tasks'
import { listTasks } from '@/lib/tasks/queries'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'
import { type Measurement, measureMs, quantile } from './measurement'

const VIDEOS = 40_000
const TASKS_PER_VIDEO = 5
const AUDIT_ENTRIES = 200_000
const SAMPLES = 20

/** Searches of tasks and of the audit log among 200,000 rows each: of what is rare and old, common, and absent. */
export async function benchmarkSearch(): Promise<Measurement[]> {
  registerAllTasks()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url })
  const ownerId = (await createOwner(db)).id
  await fillTables(postgres.url, ownerId)
  const measurements: Measurement[] = []
  const measure = async (name: string, search: () => Promise<{ length: number }>, expected: number) => {
    const times: number[] = []
    for (let n = 0; n < SAMPLES; n++)
      times.push(
        await measureMs(async () => {
          const { length } = await search()
          if (length !== expected) throw new Error(`${name}: ${length} found, not ${expected}`)
        }),
      )
    for (const [label, q] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const)
      measurements.push({ name: `${name}, ${label}`, value: quantile(times, q), unit: 'ms', aim: '≤ 100' })
  }
  const tasks = (search: string) => async () => (await listTasks(db, { ownerId, search })).tasks
  const all = (search: string) => () => searchTasks(db, { search, kind: '', state: '' })
  for (const [whose, find, limit] of [
    ['own tasks', tasks, 50],
    ['all tasks', all, 100],
  ] as const) {
    await measure(`${whose}: the title of an old video`, find('harbour'), TASKS_PER_VIDEO)
    await measure(`${whose}: a title of all videos`, find('film'), limit)
    await measure(`${whose}: the error of an old task`, find('a rare error'), 1)
    await measure(`${whose}: a text that none has`, find('absent'), 0)
    await measure(`${whose}: two letters that none has`, find('qx'), 0)
  }
  const audit = (text: string) => async () => (await listAuditEntries(db, { text, limit: 50 })).entries
  await measure('audit log: an old entry', audit('rare-subject'), 1)
  await measure('audit log: a text that none has', audit('absent'), 0)
  await db.$disconnect()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return measurements
}

async function fillTables(url: string, ownerId: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  // Without triggers: each row would be published.
  await client.query('SET session_replication_role = replica')
  await client.query(
    `
    INSERT INTO video (id, "ownerId", title, filename, "sizeBytes", "sourceKey", "mediaInfo")
    SELECT uuidv7(), $1, CASE n WHEN 300 THEN 'Harbour' ELSE 'Film ' || n END, 'film.mp4', 1, '',
      jsonb_build_object('streams', repeat(md5(n::text), 40))
    FROM generate_series(1, ${VIDEOS}) AS n`,
    [ownerId],
  )
  await client.query(
    `
    INSERT INTO task (id, "ownerId", kind, queue, state, payload, "maxAttempts", "startedAt", "finishedAt", round,
      "subjectType", "subjectId", error, detail)
    SELECT uuidv7(), $1, kind, kind, CASE WHEN is_failed THEN 'failed' ELSE 'done' END::"TaskState",
      jsonb_build_object('videoId', id), 3, now(), now(), 0, 'video', id,
      CASE WHEN is_failed THEN jsonb_build_object('code', 'video.unreadable', 'message',
        CASE WHEN n = 400 THEN 'a rare error' ELSE 'The file ends early: ' || n END) END,
      jsonb_build_object('renditions', jsonb_build_array(jsonb_build_object('name', '720p', 'state', 'done', 'progress', 1),
        jsonb_build_object('name', '360p', 'state', 'done', 'progress', 1)))
    FROM (
      SELECT id, n, kind, n % 20 = 0 AND kind = 'video.transcode' AS is_failed
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM video) AS videos
      CROSS JOIN unnest(ARRAY['video.inspect', 'video.transcode', 'video.thumbnails', 'video.package', 'video.verify']) AS kind
      ORDER BY id) AS tasks`,
    [ownerId],
  )
  await client.query(
    `
    INSERT INTO audit_entry (id, at, "actorId", "actorEmail", "actorKind", address, "userAgent", action, "subjectType", "subjectId", detail)
    SELECT uuidv7(), now(), $1, 'ada@example.com', 'session', '203.0.113.7',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36', 'video.deleted', 'video',
      CASE n WHEN 500 THEN 'rare-subject' ELSE gen_random_uuid()::text END, jsonb_build_object('title', 'Film ' || n)
    FROM generate_series(1, ${AUDIT_ENTRIES}) AS n`,
    [ownerId],
  )
  await client.query(
    'UPDATE task SET "searchText" = task_search_text(error, detail, cause) WHERE error IS NOT NULL',
  )
  await client.query('UPDATE audit_entry SET "searchText" = audit_search_text(audit_entry)')
  await client.query('VACUUM ANALYZE')
  await client.end()
}
