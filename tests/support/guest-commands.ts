import { expect, vi } from 'vitest'
import type { Hypervisor } from '@/worker/machines/hypervisor'
import { neverAborted } from './never-aborted'

/** Runs a script in a machine and returns its exit code and output. */
export async function runScriptIn(hypervisor: Hypervisor, id: string, script: string, timeoutMs = 20_000) {
  let output = ''
  const onOutput = (bytes: Buffer) => void (output += bytes.toString())
  const { exitCode } = await hypervisor.execute(id, { script, timeoutMs, signal: neverAborted, onOutput })
  return { exitCode, output }
}

/** Types a line into a console and waits until the output matches `expected`. */
export async function typeIntoConsole(hypervisor: Hypervisor, id: string, line: string, expected: RegExp) {
  const console = await hypervisor.openConsole(id)
  let output = ''
  console.onData((bytes) => void (output += bytes.toString()))
  console.write(Buffer.from(`${line}\n`))
  await vi.waitFor(() => expect(output).toMatch(expected), { timeout: 15_000, interval: 20 })
  console.close()
  return output
}
