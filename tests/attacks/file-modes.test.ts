import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from '@/tests/support/app'
import type { TestUser } from '@/tests/support/accounts'
import { generateMedia } from '@/tests/support/generate-media'

let app: App
let ada: TestUser
beforeAll(async () => {
  app = await startApp({ MACHINES: 'off' })
  ada = await app.createUser('ada@example.com', { isAdmin: true })
})
afterAll(() => app.stop())

/** Lists what another user of this computer may read or write, like `find` run by them. */
const listExposed = () =>
  execFileSync('find', [app.dataDir, '!', '-type', 'l', '-perm', '/066', '-printf', '%m %P\n'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean)

async function processClip() {
  const body = readFileSync(await generateMedia('silent.mp4'))
  const { task } = await ada.fetchJson<{ task: { id: string } }>('/api/v1/videos?filename=clip.mp4', {
    method: 'POST',
    body,
  })
  const readState = async () => (await ada.fetchJson<{ state: string }>(`/api/v1/tasks/${task.id}`)).state
  await expect.poll(readState, { timeout: 60_000, interval: 500 }).toBe('done')
}

it('creates nothing below DATA_DIR that other users can read', async () => {
  await processClip()
  expect(listExposed()).toEqual([])
})

it('closes a DATA_DIR that an earlier version left open, and works on it', async () => {
  const exited = once(app.child, 'exit')
  app.child.kill('SIGTERM')
  await exited
  execFileSync('sh', ['-c', 'chmod -R a+rX "$0"; chmod 700 "$0/postgres/data"', app.dataDir])
  expect(listExposed().length).toBeGreaterThan(5)
  await app.restart()
  expect(listExposed()).toEqual([])
  await processClip()
})
