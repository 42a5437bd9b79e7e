import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'

const TOOL = path.resolve('cli/meanwhile.mjs')

/** A home of the command line tool, in which it keeps settings and unfinished uploads. */
export function createCliHome(env: Record<string, string> = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-cli-'))
  const ownEnv = {
    PATH: process.env.PATH!,
    HOME: dir,
    XDG_CONFIG_HOME: path.join(dir, 'config'),
    XDG_STATE_HOME: path.join(dir, 'state'),
    ...env,
  }
  const children: ChildProcess[] = []
  /** Starts the tool; `isTty` gives it a terminal, whose output is all in `stdout`. */
  function start(
    args: string[],
    { isTty = false, ...more }: { isTty?: boolean; env?: Record<string, string> } = {},
  ) {
    const line = [process.execPath, TOOL, ...args].map((arg) => `'${arg}'`).join(' ')
    const [file, fileArgs] = isTty
      ? [
          'script',
          ['--quiet', '--flush', '--return', '--command', `stty cols 100 rows 30; exec ${line}`, '/dev/null'],
        ]
      : [process.execPath, [TOOL, ...args]]
    const child = spawn(file as string, fileArgs as string[], {
      cwd: dir,
      env: { ...ownEnv, ...more.env } as unknown as NodeJS.ProcessEnv,
    })
    const run = { child, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()))
    children.push(child)
    const closed = once(child, 'close') as Promise<[number | null]>
    return Object.assign(run, {
      type: (text: string) => child.stdin.write(text),
      /** Waits until it has printed `text` on one of its outputs. */
      expectOutput: (text: string | RegExp) =>
        expect.poll(() => run.stdout + run.stderr, { timeout: 60_000, interval: 20 }).toMatch(text),
      /** Resolves to its exit code. */
      exited: () => closed.then(([code]) => code),
    })
  }
  return {
    dir,
    start,
    /** Runs the tool to its end, with `input` as stdin. */
    async run(
      args: string[],
      { input = '', ...options }: { input?: string; env?: Record<string, string> } = {},
    ) {
      const run = start(args, options)
      run.child.stdin.end(input)
      const code = await run.exited()
      return { code, stdout: run.stdout, stderr: run.stderr }
    },
    remove() {
      for (const child of children) child.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
