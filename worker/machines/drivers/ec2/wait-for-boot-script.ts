import { waitUntil } from '@/lib/concurrency/wait-until'
import { findOverlapBytes } from '@/worker/machines/host/console/overlap'
import type { BootScript, ScriptWait } from '@/worker/machines/hypervisor'
import { bootScriptSilent } from '../machine-errors'
import { parseScriptOutput } from './boot-script'
import type { ConsoleOutput } from './console-output'

interface Options extends ScriptWait, Pick<BootScript, 'endToken'> {
  pollMs: number
  /** @throws {AppError} machine.not_running */
  requireRunning(): Promise<unknown>
}

/** Follows the script of the first start on the console until its exit code appears. */
export async function waitForBootScript(
  console: Pick<ConsoleOutput, 'read'>,
  { endToken, timeoutMs, signal, onOutput, pollMs, requireRunning }: Options,
) {
  let shown = Buffer.alloc(0)
  let exitCode: number | undefined
  const hasEnded = async () => {
    const parsed = parseScriptOutput((await console.read()).bytes.toString(), endToken)
    const output = Buffer.from(parsed.output)
    const news = output.subarray(findOverlapBytes(shown, output))
    if (news.length > 0) onOutput(news)
    shown = output
    exitCode = parsed.exitCode
    if (exitCode === undefined) await requireRunning()
    return exitCode !== undefined
  }
  if (!(await waitUntil(hasEnded, { intervalMs: pollMs, timeoutMs, signal })))
    throw bootScriptSilent(timeoutMs)
  return { exitCode: exitCode! }
}
