import { AppError } from '@/lib/errors'
import type { AgentClient } from './agent-client'
import { createToken } from './control-channel'
import { findScriptEnd } from './script-end'

interface ScriptOptions {
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
export async function runScript(agent: AgentClient, { script, timeoutMs, signal, onOutput }: ScriptOptions) {
  signal.throwIfAborted()
  const bytes = Buffer.from(script.endsWith('\n') ? script : `${script}\n`)
  const secret = createToken()
  const { socket } = await agent.openChannel('run', bytes.length, secret)
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
    if (!isLate && !signal.aborted) throw machineStopped(error)
  } finally {
    clearTimeout(clock)
    signal.removeEventListener('abort', kill)
    socket.destroy()
  }
  signal.throwIfAborted()
  if (isLate) throw scriptTimedOut(timeoutMs)
  throw machineStopped()
}

const scriptTimedOut = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: `The script ran longer than ${Math.round(timeoutMs / 1000)} s and was ended.`,
    status: 422,
  })

const machineStopped = (cause?: unknown) =>
  new AppError({
    code: 'machine.silent',
    message: 'The machine stopped while the script was running.',
    status: 503,
    cause,
  })
