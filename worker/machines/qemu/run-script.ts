import { AppError } from '@/lib/errors'
import type { AgentClient } from './agent-client'
import { token } from './agent-line'
import { findScriptEnd } from './script-end'

interface Script {
  script: string
  /** Longest it may run, in milliseconds. */
  timeoutMs: number
  signal: AbortSignal
  onOutput(bytes: Buffer): void
}

/**
 * Runs a script in the guest. The guest ends the output with a line that only the two of them know,
 * and the exit code; a listener that is slow slows the script down.
 * @throws {AppError} machine.script_timeout, machine.silent; the signal's reason
 */
export async function runScript(agent: AgentClient, { script, timeoutMs, signal, onOutput }: Script) {
  signal.throwIfAborted()
  const bytes = Buffer.from(script.endsWith('\n') ? script : `${script}\n`)
  const secret = token()
  const { socket } = await agent.open('run', bytes.length, secret)
  const end = Buffer.from(`${secret} `)
  let isLate = false
  const kill = () => socket.destroy()
  const clock = setTimeout(() => {
    isLate = true
    kill()
  }, timeoutMs)
  signal.addEventListener('abort', kill, { once: true })
  try {
    if (signal.aborted) kill()
    socket.write(bytes)
    let rest = Buffer.alloc(0)
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk])
      const { outputBytes, exitCode } = findScriptEnd(rest, end)
      if (outputBytes > 0) onOutput(rest.subarray(0, outputBytes))
      if (exitCode !== undefined) return { exitCode }
      rest = rest.subarray(outputBytes)
    }
  } catch (error) {
    if (!isLate && !signal.aborted) throw gone(error)
  } finally {
    clearTimeout(clock)
    signal.removeEventListener('abort', kill)
    socket.destroy()
  }
  signal.throwIfAborted()
  if (isLate) throw tooLong(timeoutMs)
  throw gone()
}

const tooLong = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: `The script ran longer than ${Math.round(timeoutMs / 1000)} s and was ended.`,
    status: 422,
  })

const gone = (cause?: unknown) =>
  new AppError({
    code: 'machine.silent',
    message: 'The machine stopped while the script was running.',
    status: 503,
    cause,
  })
