import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDataDir } from '@/scripts/data-dir-lock.mjs'
import { runScript } from '@/tests/support/run-script'
import { killAndWait } from '@/tests/support/processes'

let dataDir: string
beforeEach(async () => void (dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-lock-'))))
afterEach(() => rm(dataDir, { recursive: true, force: true }))

async function acquireLock() {
  const lock = await lockDataDir(dataDir, { waitMs: 5_000 })
  if (!('fd' in lock)) throw new Error(`held by ${lock.heldBy}`)
  return lock.fd
}

/** Starts a process that acquires the lock, optionally with a child that shares it. Resolves once it holds the lock. */
async function startLockHolder(options: { childSeconds?: number } = {}) {
  const share = `
    const { spawn } = require('node:child_process')
    spawn('sleep', ['${options.childSeconds}'], { stdio: ['ignore', 'ignore', 'ignore', fd], detached: true })`
  const program = `
    const { lockDataDir } = await import('./scripts/data-dir-lock.mjs')
    const { createRequire } = await import('node:module')
    const require = createRequire(import.meta.url)
    const { fd } = await lockDataDir(${JSON.stringify(dataDir)})
    ${options.childSeconds ? share : ''}
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

it('refuses to start a second instance on the same folder and names the first', async () => {
  const first = await startLockHolder()
  const { status, output } = await runScript(['scripts/start.mjs'], { DATA_DIR: dataDir, PORT: '1' })
  await killAndWait(first)
  expect(output).toContain(`Meanwhile is already running on ${dataDir} (process ${first.pid})`)
  expect(output).toContain('DATA_DIR=')
  expect(status).toBe(1)
})

it('releases the lock at once when its holder is killed', async () => {
  await killAndWait(await startLockHolder())
  closeSync(await acquireLock())
})

it('waits for remaining processes of a killed run, then acquires the lock', async () => {
  await killAndWait(await startLockHolder({ childSeconds: 1 }))
  const since = Date.now()
  closeSync(await acquireLock())
  expect(Date.now() - since).toBeGreaterThan(200)
})

it('reports remaining processes of a killed run that do not exit', async () => {
  await killAndWait(await startLockHolder({ childSeconds: 3 }))
  expect(await lockDataDir(dataDir, { waitMs: 300 })).toEqual({
    heldBy: 'processes of a previous run that have not exited',
  })
})
