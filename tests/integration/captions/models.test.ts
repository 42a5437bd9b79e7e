import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { errorMessage } from '@/lib/errors'
import type { Locale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { useFileServer } from '@/tests/support/file-server'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { findProcesses } from '@/tests/support/processes'
import { chooseTranscriber } from '@/worker/captions/choose-transcriber'
import { ensureModel, hasModel, modelFile } from '@/worker/captions/speech/model-files'
import { type Model, SPEECH_MODELS, VAD_MODEL } from '@/worker/captions/speech/models'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'

const root = mkdtempSync(path.join(tmpdir(), 'meanwhile-model-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const { signal } = new AbortController()

describe('a model that cannot be loaded', () => {
  const model = SPEECH_MODELS.tiny
  const open = (modelsDir: string) =>
    createSpeechTranscriber({ model, modelsDir }).open({
      signal,
      threads: 1,
      memoryBytes: 4 * 1024 ** 3,
      scratchDir: root,
    })

  it('is reported with advice and leaves no process running', async () => {
    const damaged = path.join(root, 'damaged')
    for (const [folder, names] of [
      [model.folder, Object.keys(model.files)],
      [VAD_MODEL.folder, Object.keys(VAD_MODEL.files)],
    ] as const) {
      mkdirSync(path.join(damaged, folder), { recursive: true })
      for (const name of names)
        writeFileSync(path.join(damaged, folder, name), 'Dear Ada, this is no model.'.repeat(1000))
    }
    for (const dir of [path.join(root, 'nowhere'), damaged])
      await expect(open(dir)).rejects.toMatchObject({
        code: 'captions.model_broken',
        message: expect.stringContaining('cannot be loaded'),
        advice: expect.stringContaining('npm run doctor'),
      })
    expect(findProcesses(root)).toEqual([])
  })

  it('is not reported if the recognizer was killed while it was loading', async () => {
    const waiting = path.join(root, 'waiting')
    for (const { folder, files } of [model, VAD_MODEL]) {
      mkdirSync(path.join(waiting, folder), { recursive: true })
      // Reading a named pipe waits for its writer, and there is none.
      for (const name of Object.keys(files)) execFileSync('mkfifo', [path.join(waiting, folder, name)])
    }
    const opening = expect(open(waiting)).rejects.toMatchObject({ code: 'captions.engine_failed' })
    await expect.poll(() => findRecognizers(root), { interval: 20 }).toHaveLength(1)
    for (const pid of findRecognizers(root)) process.kill(pid, 'SIGKILL')
    await opening
    expect(findProcesses(root)).toEqual([])
  })
})

describe('a model', () => {
  const contents = {
    'encoder.onnx': Buffer.from('weights'.repeat(1000)),
    'tokens.txt': Buffer.from('words'.repeat(100)),
  }
  const file = (name: keyof typeof contents) => ({
    path: `owner/models/resolve/1234/base-${name}`,
    sizeBytes: contents[name].length,
    sha256: createHash('sha256').update(contents[name]).digest('hex'),
  })
  const model: Model<keyof typeof contents> = {
    title: 'base',
    folder: 'whisper-base',
    files: { 'encoder.onnx': file('encoder.onnx'), 'tokens.txt': file('tokens.txt') },
  }
  const server = useFileServer()
  let dir: string
  let hub: string
  const read = (name: keyof typeof contents) => readFileSync(modelFile(dir, model, name))
  beforeAll(() => void (hub = server.url('')))
  beforeEach(() => {
    for (const name of Object.keys(contents) as (keyof typeof contents)[])
      server.files.set(file(name).path, contents[name])
    server.requests.length = 0
    dir = mkdtempSync(path.join(root, 'models-'))
  })

  it('is downloaded once for concurrent callers and stored', async () => {
    const stages: string[] = []
    const options = { dir, hub, signal, onStage: (stage: string) => void stages.push(stage) }
    expect(await hasModel(model, dir)).toBe(false)
    await Promise.all([ensureModel(model, options), ensureModel(model, options)])
    await ensureModel(model, options)
    expect(await hasModel(model, dir)).toBe(true)
    expect(read('encoder.onnx').equals(contents['encoder.onnx'])).toBe(true)
    expect(server.requests.map(({ name }) => name)).toEqual(
      Object.values(model.files).map(({ path: name }) => name),
    )
    expect(stages.at(-1)).toBe('Downloading the speech model base · 8 kB of 8 kB')
  })

  it('is still downloaded for the next caller when the first one aborts', async () => {
    const stop = new AbortController()
    const first = ensureModel(model, {
      dir,
      hub,
      signal: stop.signal,
      onStage: () => stop.abort(new Error('enough')),
    })
    const second = ensureModel(model, { dir, hub, signal })
    await expect(first).rejects.toThrow('enough')
    await second
    expect(read('tokens.txt').equals(contents['tokens.txt'])).toBe(true)
  })

  it('is downloaded again if one of its files is truncated on disk', async () => {
    await ensureModel(model, { dir, hub, signal })
    writeFileSync(modelFile(dir, model, 'encoder.onnx'), contents['encoder.onnx'].subarray(0, 3000))
    expect(await hasModel(model, dir)).toBe(false)
    await ensureModel(model, { dir, hub, signal })
    expect(read('encoder.onnx').equals(contents['encoder.onnx'])).toBe(true)
  })

  it('is deleted and reported if a checksum does not match', async () => {
    const files = { ...model.files, 'encoder.onnx': { ...file('encoder.onnx'), sha256: '0'.repeat(64) } }
    await expect(ensureModel({ ...model, files }, { dir, hub, signal })).rejects.toMatchObject({
      code: 'captions.model_unavailable',
      message: expect.stringContaining('its checksum does not match'),
    })
    expect(existsSync(modelFile(dir, model, 'encoder.onnx'))).toBe(false)
  })

  it('is refused if a file is larger than expected', async () => {
    server.files.set(file('encoder.onnx').path, Buffer.alloc(9_000))
    await expect(ensureModel(model, { dir, hub, signal })).rejects.toThrow('it is larger than expected')
  })

  it('is reported as not downloaded if the hub is unreachable', async () => {
    await expect(ensureModel(model, { dir, hub: 'http://127.0.0.1:9', signal })).rejects.toMatchObject({
      code: 'captions.model_unavailable',
      message: expect.stringMatching(
        /^The speech model base \(8 kB\) is not downloaded yet\. .* could not be downloaded from 127\.0\.0\.1:9/,
      ),
    })
  })

  it('is reported in the language of each user while the hub is not contacted again', async () => {
    const choose = (locale: Locale) =>
      runWithLocale(locale, () =>
        chooseTranscriber({
          config: {
            CAPTIONS: 'whisper',
            SPEECH_MODEL: 'tiny',
            MODEL_HUB: 'http://127.0.0.1:9',
            DATA_DIR: dir,
            CAPTION_THREADS: 1,
            CAPTION_MEMORY_BYTES: 4 * 1024 ** 3,
          },
          request: { translate: false },
          signal,
          onStage: () => undefined,
        }).catch(errorMessage),
      )
    for (let count = 0; count < 2; count++) {
      expect(await choose('de')).toMatch(/^Das Sprachmodell/)
      expect(await choose('en')).toMatch(/^The speech model/)
    }
  })
})

describe('the models', () => {
  it('name a commit of the hub and a SHA-256 for each file', () => {
    for (const model of [VAD_MODEL, ...Object.values(SPEECH_MODELS)])
      for (const { path: hubPath, sha256 } of Object.values(model.files)) {
        expect(hubPath).toMatch(/^[\w-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/[\w.-]+$/)
        expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      }
  })
})
