import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a script until it exits. Returns its output (stdout and stderr). Does not throw for a non-zero status. */
export async function runScript(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: '', ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { status: exitCode, output }
}
