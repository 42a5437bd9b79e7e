import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { neverAborted } from '@/tests/support/never-aborted'
import { runSandboxed } from '@/worker/process/sandbox'

let outputDir: string
beforeAll(async () => {
  outputDir = await mkdtemp(path.join(tmpdir(), 'strength-'))
})
afterAll(() => rm(outputDir, { recursive: true, force: true }))

/** Runs a script in place of an ffmpeg that a file has taken over. Returns what it prints. */
async function runInSandbox(script: string) {
  const run = runSandboxed({
    program: 'sh' as 'ffmpeg',
    args: ['-c', `exec 2>&1; ${script}; true`],
    outputDir,
    signal: neverAborted,
    memoryBytes: 1024 ** 3,
    wallClockMs: 20_000,
  })
  const [output] = await Promise.all([text(run.stdout), run.exited])
  return output
}

it('gives a program no capability and no namespace in which to gain one', async () => {
  const output = await runInSandbox(
    'grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; unshare --user true',
  )
  expect(output).toMatch(/CapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\n/)
  expect(output).toMatch(/unshare: unshare failed/)
})

it('limits what a program can store in memory by writing files', async () => {
  const output = await runInSandbox(
    `for dir in /tmp /dev /dev/shm / /usr; do
       head -c 400000000 /dev/zero >$dir/fill; wc -c <$dir/fill; rm -f $dir/fill
     done`,
  )
  const sizes = output
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
  expect(sizes).toEqual([256 * 1024 ** 2, 16 * 1024 ** 2])
})

it('limits the number of processes of a program', async () => {
  expect(await runInSandbox('grep "Max processes" /proc/self/limits')).toMatch(/Max processes +4096 +4096/)
})

it('hands a program nothing of the environment', async () => {
  process.env.SECRET_OF_THE_TEST = 'secret'
  const output = await runInSandbox('env; cat /proc/1/environ')
  delete process.env.SECRET_OF_THE_TEST
  expect(output).not.toMatch(/SECRET|AUTH|DATABASE/)
})
