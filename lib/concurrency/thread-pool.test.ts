import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ThreadPool } from './thread-pool'

const file = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-thread-')), 'thread.mjs')
writeFileSync(
  file,
  `import { parentPort, threadId } from 'node:worker_threads'
  parentPort.on('message', ({ id, input }) => {
    if (input === 'exit') process.exit(1)
    if (input === 'wait') return
    parentPort.postMessage({ id, output: { input, threadId } })
  })`,
)
const createPool = (timeoutMs = 30_000) =>
  new ThreadPool<{ input: unknown; threadId: number }>({
    file,
    maxThreads: 2,
    maxCallsPerThread: 2,
    timeoutMs,
  })

it('reuses an idle thread and starts another while all are busy', async () => {
  const pool = createPool()
  const first = await pool.run('a')
  expect(await pool.run('b')).toEqual({ input: 'b', threadId: first.threadId })
  const [one, other] = await Promise.all([pool.run('c'), pool.run('d')])
  expect(one.threadId).not.toBe(other.threadId)
})

it('moves transferred buffers instead of copying them', async () => {
  const bytes = new ArrayBuffer(8)
  await createPool().run(bytes, [bytes])
  expect(bytes.byteLength).toBe(0)
})

it('fails the calls of a thread that ends or does not answer, and replaces it', async () => {
  const pool = createPool()
  await expect(pool.run('exit')).rejects.toThrow('the thread ended with 1')
  expect(await pool.run('again')).toMatchObject({ input: 'again' })
  await expect(createPool(200).run('wait')).rejects.toThrow('the thread ended')
})
