import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useFileServer } from '@/tests/support/file-server'
import { findProcesses } from '@/tests/support/processes'
import { ensureModelFile } from '@/worker/captions/whisper/model-file'
import { createWhisper } from '@/worker/captions/whisper/whisper'

const root = mkdtempSync(path.join(tmpdir(), 'meanwhile-model-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const { signal } = new AbortController()

describe('a model that cannot be loaded', () => {
  const open = (modelPath: string) =>
    createWhisper({ model: 'tiny', modelPath, vadModelPath: null }).open({
      signal,
      threads: 1,
      memoryBytes: 4 * 1024 ** 3,
      scratchDir: root,
    })

  it('is reported with advice and leaves no process running', async () => {
    const textFile = path.join(root, 'letter.bin')
    writeFileSync(textFile, 'Dear Ada, this is no model.'.repeat(1000))
    for (const file of [path.join(root, 'nowhere.bin'), textFile])
      await expect(open(file)).rejects.toMatchObject({
        code: 'captions.model_broken',
        message: expect.stringContaining('cannot be loaded'),
        advice: expect.stringContaining('npm run doctor'),
      })
    expect(findProcesses('whisper/child.ts').filter(({ command }) => command.includes('child.ts'))).toEqual(
      [],
    )
  })
})

describe('a model file', () => {
  const content = Buffer.from('weights'.repeat(1000))
  const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const
  const model = { name: 'base', path: 'owner/models/ggml-base.bin', checksum, size: '7 kB' }
  const server = useFileServer()
  let dir: string
  let hub: string
  beforeAll(() => void (hub = server.url('')))
  beforeEach(() => {
    server.files.set(model.path, content)
    server.requests.length = 0
    dir = mkdtempSync(path.join(root, 'models-'))
  })

  it('is downloaded once for concurrent callers and stored', async () => {
    const stages: string[] = []
    const options = { dir, hub, signal, onStage: (stage: string) => void stages.push(stage) }
    const [file, same] = await Promise.all([ensureModelFile(model, options), ensureModelFile(model, options)])
    expect(await ensureModelFile(model, options)).toBe(file)
    expect(same).toBe(file)
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(server.requests.map(({ name }) => name)).toEqual(['owner/models/ggml-base.bin'])
    expect(stages.at(-1)).toBe('Downloading the speech model base · 7 kB of 7 kB')
  })

  it('is still downloaded for the next caller when the first one aborts', async () => {
    const stop = new AbortController()
    const first = ensureModelFile(model, {
      dir,
      hub,
      signal: stop.signal,
      onStage: () => stop.abort(new Error('enough')),
    })
    const second = ensureModelFile(model, { dir, hub, signal })
    await expect(first).rejects.toThrow('enough')
    expect(readFileSync(await second).equals(content)).toBe(true)
  })

  it('is downloaded again if it is truncated on disk', async () => {
    const file = await ensureModelFile(model, { dir, hub, signal })
    writeFileSync(file, content.subarray(0, 3000))
    await ensureModelFile(model, { dir, hub, signal })
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  it('is deleted and reported if its checksum does not match', async () => {
    const other = { ...model, checksum: { ...checksum, hex: '0'.repeat(64) } }
    await expect(ensureModelFile(other, { dir, hub, signal })).rejects.toMatchObject({
      code: 'captions.model_unavailable',
      message: expect.stringContaining('its checksum does not match'),
    })
    expect(existsSync(path.join(dir, 'ggml-base.bin'))).toBe(false)
  })

  it('is reported as not downloaded if the hub is unreachable', async () => {
    await expect(ensureModelFile(model, { dir, hub: 'http://127.0.0.1:9', signal })).rejects.toMatchObject({
      code: 'captions.model_unavailable',
      message: expect.stringMatching(
        /^The speech model base \(7 kB\) is not downloaded yet\. .* could not be downloaded from 127\.0\.0\.1:9/,
      ),
    })
  })
})
