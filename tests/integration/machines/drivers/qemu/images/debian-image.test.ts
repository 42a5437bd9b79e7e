import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RetryLater } from '@/lib/errors'
import { openDebianImage } from '@/worker/machines/drivers/qemu/images/debian/debian-image'
import { useFileServer } from '@/tests/support/file-server'

const server = useFileServer()
let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-debian-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('shares one build between four callers, defers further ones, and stops when all have aborted', async () => {
  server.files.set('debian.qcow2', randomBytes(2_000_000))
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 1_000_000))
  const settings = { source: 'download' as const, imageUrl: server.url('debian.qcow2') }
  const { build, facts } = await openDebianImage(root, settings)
  expect(facts).toMatchObject({ problem: null, description: expect.stringContaining('The first machine') })
  const stop = new AbortController()
  const descriptions = Array.from({ length: 4 }, () => '')
  const waiting = descriptions.map((_, n) =>
    build({ signal: stop.signal, onStage: (_stage, _progress, step) => (descriptions[n] = step ?? '') }),
  )
  const failures = Promise.all(waiting.map((one) => one.catch((error: unknown) => error)))
  await expect.poll(() => descriptions.every((step) => step === 'downloading, 1 of 2 MB')).toBe(true)
  expect(server.requests.filter(({ name }) => name === 'debian.qcow2')).toHaveLength(1)
  await expect(build({ signal: stop.signal, onStage: () => undefined })).rejects.toBeInstanceOf(RetryLater)
  const reason = new Error('canceled')
  stop.abort(reason)
  expect(await failures).toEqual([reason, reason, reason, reason])
  expect(await readdir(path.join(root, 'debian'))).toEqual(['download'])
})
