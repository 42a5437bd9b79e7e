import { machineSilent, scriptTimedOut } from '../../machine-errors'
import type { AgentClient } from './agent-client'
import { createToken } from './control-channel'
import { findScriptEnd } from './script-end'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

interface ScriptOptions {
  script: string
  /** Longest it may run, in milliseconds. */
  timeoutMs: number
  signal: AbortSignal
  onOutput(bytes: Buffer): void
}

/**
 * Runs a script in the guest and returns its exit code. The agent appends a random token and the exit code to the output.
 * An abort and the timeout kill the script. A slow `onOutput` slows the script down (backpressure).
 * @throws {AppError} machine.script_timeout, machine.silent; the signal's reason
 */
export async function runScript(agent: AgentClient, { script, timeoutMs, signal, onOutput }: ScriptOptions) {
  signal.throwIfAborted()
  const bytes = Buffer.from(script.endsWith('\n') ? script : `${script}\n`)
  const token = createToken()
  const { socket } = await agent.openChannel({ kind: 'run', argument: bytes.length, token })
  const end = Buffer.from(`${token} `)
  let isTimedOut = false
  const kill = () => socket.destroy()
  const timer = setTimeout(() => {
    isTimedOut = true
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
    if (!isTimedOut && !signal.aborted) throw machineStopped(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    socket.destroy()
  }
  signal.throwIfAborted()
  if (isTimedOut) throw scriptTimedOut(timeoutMs)
  throw machineStopped()
}

const machineStopped = (cause?: unknown) => machineSilent(cause, messages.stoppedInScript())
