import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from '@/tests/support/app'
import type { TestUser } from '@/tests/support/accounts'
import { processClip } from '@/tests/support/process-clip'

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

it('creates nothing below DATA_DIR that other users can read', async () => {
  await processClip(ada)
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
  await processClip(ada)
})
