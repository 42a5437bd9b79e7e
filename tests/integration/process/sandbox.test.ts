import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SANDBOX_INPUT_PATH, SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { checkSandbox } from '@/worker/process/check-sandbox'
import { runSandboxed, SandboxFailure, type SandboxOptions } from '@/worker/process/sandbox'
import { generateMedia } from '@/tests/support/generate-media'
import { rejectionOf } from '@/tests/support/rejection-of'
import { evalArgs } from '@/tests/support/eval-args'
import { neverAborted } from '@/tests/support/never-aborted'

let root: string
let input: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sandbox-'))
  input = await generateMedia('web-safe.mp4')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const MEMORY_BYTES = 6 * 1024 ** 3
const STALL_MS = 800
const ENDLESS_ARGS = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180', '-f', 'null', '-']

function startFfmpeg(args: string[], more: Partial<SandboxOptions> = {}) {
  const run = runSandboxed({
    program: 'ffmpeg',
    args: ['-v', 'error', '-nostdin', ...args],
    signal: neverAborted,
    memoryBytes: MEMORY_BYTES,
    wallClockMs: 20_000,
    ...more,
  })
  run.stdout.resume()
  return run.exited
}
const copyArgs = (from: string, to: string) => ['-y', '-i', from, '-c', 'copy', to]

describe('the sandbox', () => {
  it('is available on this computer', async () => {
    expect(await checkSandbox()).toEqual({
      available: true,
      version: expect.stringMatching(/^\d+\.\d+/),
      problem: null,
      warning: null,
    })
    expect(await checkSandbox('off')).toMatchObject({
      available: false,
      problem: null,
      warning: expect.stringContaining('not isolated'),
    })
  })

  it('reads its input and writes to its output directory', async () => {
    const outputDir = await mkdtemp(path.join(root, 'out-'))
    await startFfmpeg(copyArgs(SANDBOX_INPUT_PATH, `${SANDBOX_OUTPUT_DIR}/copy.mp4`), {
      inputPath: input,
      outputDir,
    })
    expect(await readdir(outputDir)).toEqual(['copy.mp4'])
  })

  it.each(['/in/other.mp4', '/in/media', '/usr/share/x.mp4', '/root/x.mp4', '/etc/x.mp4', '/x.mp4'])(
    'cannot write to %s',
    async (file) => {
      expect(
        await rejectionOf(startFfmpeg(copyArgs(SANDBOX_INPUT_PATH, file), { inputPath: input })),
      ).toMatchObject({
        reason: 'exit',
      })
    },
  )

  it('cannot read other files of the server', async () => {
    for (const file of [input, '/etc/passwd', '/root/.bashrc', process.cwd()]) {
      const failure = await rejectionOf(
        startFfmpeg(['-f', 'data', '-i', file, '-map', '0', '-c', 'copy', '-f', 'data', '-']),
      )
      expect(failure).toMatchObject({ stderr: expect.stringContaining('No such file') })
    }
  })

  describe('network', () => {
    let server: Server
    let requests = 0
    beforeAll(async () => {
      server = createServer((_, response) => response.end(String(requests++)))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    })
    afterAll(() => server.close())
    it('is unreachable, including the loopback interface', async () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      expect(await rejectionOf(startFfmpeg(['-i', url, '-f', 'null', '-']))).toMatchObject({
        stderr: expect.stringContaining('Address family not supported'),
      })
      expect(requests).toBe(0)
    })
  })

  it('kills the whole process group when the signal aborts', async () => {
    const stop = new AbortController()
    const rejection = rejectionOf(startFfmpeg(ENDLESS_ARGS, { signal: stop.signal }))
    await vi.waitFor(async () => expect(await findRunning('testsrc2=s=320x180')).not.toBe(''))
    const reason = new Error('canceled')
    const abortedAt = Date.now()
    stop.abort(reason)
    expect(await rejection).toBe(reason)
    await vi.waitFor(async () => expect(await findRunning('testsrc2=s=320x180')).toBe(''), {
      timeout: 2_000 - (Date.now() - abortedAt),
    })
  })

  it('ends with its parent process, even if that is killed', async () => {
    const code = `
      import { runSandboxed } from '@/worker/process/sandbox'
      const args = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=322x182', '-f', 'null', '-']
      runSandboxed({ program: 'ffmpeg', args, signal: new AbortController().signal, memoryBytes: 2 ** 33, wallClockMs: 60_000 }).exited.catch(() => {})`
    const worker = spawn(process.execPath, evalArgs(code), { stdio: 'ignore' })
    await vi.waitFor(async () => expect(await findRunning('testsrc2=s=322x182')).not.toBe(''), {
      timeout: 15_000,
      interval: 100,
    })
    worker.kill('SIGKILL')
    await vi.waitFor(async () => expect(await findRunning('testsrc2=s=322x182')).toBe(''), { timeout: 2_000 })
  })

  it('kills a program that exceeds its wall-clock limit', async () => {
    expect(await rejectionOf(startFfmpeg(ENDLESS_ARGS, { wallClockMs: 500 }))).toMatchObject({
      reason: 'wall_clock',
    })
  })

  it('kills a program without progress, but not one that waits for its reader', async () => {
    expect(await rejectionOf(startFfmpeg(ENDLESS_ARGS, { stallMs: STALL_MS }))).toMatchObject({
      reason: 'stalled',
    })
    const slow = runSandboxed({
      program: 'ffmpeg',
      args: ['-v', 'error', '-i', SANDBOX_INPUT_PATH, '-f', 'rawvideo', '-'],
      inputPath: input,
      signal: neverAborted,
      memoryBytes: MEMORY_BYTES,
      wallClockMs: 20_000,
      stallMs: STALL_MS,
    })
    await once(slow.stdout, 'readable')
    // Longer than the limit: there is no event to wait for.
    await delay(2.5 * STALL_MS)
    slow.stdout.resume()
    await slow.exited
  })

  it('limits memory and file sizes', async () => {
    expect(
      await rejectionOf(
        startFfmpeg(['-i', SANDBOX_INPUT_PATH, '-f', 'null', '-'], {
          inputPath: input,
          memoryBytes: 64 * 1024 ** 2,
        }),
      ),
    ).toBeInstanceOf(SandboxFailure)
    const outputDir = await mkdtemp(path.join(root, 'out-'))
    const args = ['-i', SANDBOX_INPUT_PATH, '-f', 'rawvideo', `${SANDBOX_OUTPUT_DIR}/raw`]
    expect(
      await rejectionOf(startFfmpeg(args, { inputPath: input, outputDir, fileBytes: 1024 ** 2 })),
    ).toBeInstanceOf(SandboxFailure)
  })
})

/** IDs of processes with `text` in their command line. */
const findRunning = (text: string) =>
  new Promise<string>((resolve) =>
    execFile('pgrep', ['-f', '--', text], (_, stdout) => resolve(stdout.trim())),
  )
