import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findFreePort } from '@/scripts/postgres'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()
const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-shutdown-'))
let child: ChildProcess

afterEach(() => {
  child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts a process like `npm start` does. Resolves when it exits. */
async function startProcess(name: string) {
  child = spawn(process.execPath, [`dist/${name}.js`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PORT: String(await findFreePort()),
      MACHINES: 'off',
      CAPTIONS: 'none',
    },
  })
  return once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
}

it.each(['server', 'worker'])(
  'ends the %s when its parent disconnects during startup',
  { tags: 'full' },
  async (name) => {
    const ended = startProcess(name)
    await expect.poll(() => child?.connected).toBe(true)
    child.disconnect()
    await expect.poll(() => child.exitCode, { timeout: 30_000 }).not.toBeNull()
    expect(await ended).toEqual([0, null])
  },
)

it('shuts a worker down gracefully that receives SIGTERM during startup', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holding = database.db.$transaction(
    async (tx) => {
      // Assigns no transaction ID, for which change feeds of other databases would wait.
      await tx.$executeRaw`LOCK TABLE pgboss.queue IN EXCLUSIVE MODE`
      held.resolve()
      await released
    },
    { timeout: 60_000 },
  )
  await held.promise
  const ended = startProcess('worker')
  const waiting = () => database.db.$queryRaw`
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  await expect.poll(waiting, { timeout: 30_000 }).not.toEqual([])
  child.kill('SIGTERM')
  release()
  await holding
  expect(await ended).toEqual([0, null])
})
