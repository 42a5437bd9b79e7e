import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { type ProcessGroupOptions, spawnGroup } from './process-group'
import { programEnv } from './program-env'
import { runProgram } from './run-program'

const runShell = (script: string, more: Partial<ProcessGroupOptions> = {}) =>
  spawnGroup({ file: 'sh', args: ['-c', script], env: programEnv(), ...more })

/** Starts a child of the shell in the background and returns its process ID once it is printed. */
async function readBackgroundPid({ child }: ReturnType<typeof spawnGroup>) {
  const [chunk] = (await new Promise<Buffer[]>((resolve) =>
    child.stdout!.once('data', (data: Buffer) => resolve([data])),
  )) as [Buffer]
  return Number(chunk.toString())
}

/** A killed process that is not reaped yet has no command line. */
function isRunning(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0
  } catch {
    return false
  }
}

it('reports the exit code and the end of standard error', async () => {
  expect(await runShell('echo one >&2; echo two >&2; exit 3').exited).toEqual({
    code: 3,
    signal: null,
    limit: null,
    stderr: 'one\ntwo\n',
  })
})

it('kills the children of the program when the signal aborts', async () => {
  const stop = new AbortController()
  const group = runShell('sleep 60 & echo $!; wait', { signal: stop.signal })
  const pid = await readBackgroundPid(group)
  const reason = new Error('canceled')
  stop.abort(reason)
  await expect(group.exited).rejects.toBe(reason)
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false))
})

it('kills children that hold the pipes open after the program has exited', async () => {
  const group = runShell('sleep 60 & echo $!', { wallClockMs: 100 })
  const pid = await readBackgroundPid(group)
  expect(await group.exited).toMatchObject({ code: 0, limit: 'wall_clock' })
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false))
})

it('kills a program that transfers no data for too long', async () => {
  const group = runShell('while :; do echo alive; sleep 0.1; done | head -n 5; sleep 60', { stallMs: 600 })
  group.child.stdout!.resume()
  expect(await group.exited).toMatchObject({ limit: 'stalled', signal: 'SIGKILL' })
})

it('passes only the listed environment variables to the program', async () => {
  vi.stubEnv('SECRET', 'secret')
  const printed = await runProgram({ file: 'env', args: [], env: { MORE: 'more' }, timeoutMs: 5_000 })
  vi.unstubAllEnvs()
  const names = printed
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0])
  expect(names).toEqual(expect.arrayContaining(['PATH', 'TMPDIR', 'LC_ALL', 'MORE']))
  expect(names).not.toContain('SECRET')
})

it('kills the children of a program that was killed by another process', async () => {
  const group = runShell('sleep 60 & echo $!; wait')
  const pid = await readBackgroundPid(group)
  process.kill(group.child.pid!, 'SIGKILL')
  expect(await group.exited).toMatchObject({ code: null, signal: 'SIGKILL', limit: null })
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false))
})

it('reports a missing program', async () => {
  await expect(runProgram({ file: 'no-such-program', args: [], timeoutMs: 5_000 })).rejects.toMatchObject({
    code: 'machine.program_missing',
  })
})
