import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { findPortProblem } from '@/scripts/port.mjs'
import { findFreePort } from '@/scripts/postgres'
import { runScript } from '@/tests/support/run-script'

it('reports a port in use, its process and an alternative before the build starts', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-port-'))
  const { status, output } = await runScript(['scripts/start.mjs'], { DATA_DIR: dataDir, PORT: String(port) })
  server.close()
  await rm(dataDir, { recursive: true })
  expect(output).toContain(`Port ${port} on 127.0.0.1 is in use by process ${process.pid}`)
  expect(output).toContain(`PORT=${port + 1} npm start`)
  expect(output).not.toContain('Building')
  expect(status).toBe(1)
})

it('accepts a free port', async () => {
  expect(await findPortProblem(await findFreePort(), '127.0.0.1')).toBeUndefined()
})

it.each([Number.NaN, 0, 70_000])('refuses port %s with an explanation', async (port) => {
  expect(await findPortProblem(port, '127.0.0.1')).toBe('PORT must be a number from 1 to 65535.')
})

it('refuses an address of another host', async () => {
  expect(await findPortProblem(3000, '192.0.2.1')).toContain('Cannot listen on HOST=192.0.2.1')
})
