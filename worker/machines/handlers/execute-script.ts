import { PermanentError } from '@/lib/errors'
import { isCloudConfig } from '@/lib/machines/cloud-config'
import { recordMachineEvent } from '@/lib/machines/events'
import { executeScriptTask } from '@/lib/machines/tasks'
import type { TaskHandler } from '@/worker/runtime/handler'
import { bootScriptToken } from './boot-script-token'
import { requireMachineHost } from './with-machine'
import { FOLLOW_CLOUD_INIT } from './follow-cloud-init'
import { createScriptOutput } from './script-output'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import * as nameMessages from '@/lib/generated/messages/machine-names'
import * as progressMessages from '@/lib/generated/messages/machine-progress'

/**
 * Runs a script in the guest, or waits for that of its first start where the host can do no more. A configuration for cloud-init
 * is applied by the guest itself; this waits for it. The task succeeds with any exit code: code and output are its result.
 */
export const executeScript: TaskHandler<typeof executeScriptTask> = {
  kind: executeScriptTask,
  async run(run) {
    const { machineId, script, timeoutMinutes } = run.payload
    const { db } = run.context
    const { hypervisor } = requireMachineHost(run.context)
    const { bootScript: hasBootScript } = hypervisor.capabilities
    const { detail } = await db.task.findUniqueOrThrow({
      where: { id: run.taskId },
      select: { detail: true },
    })
    const isConfig = isCloudConfig(script)
    if (detail && !hasBootScript && !isConfig) throw scriptInterrupted()
    await run.write((tx) =>
      tx.task.update({ where: { id: run.taskId }, data: { detail: { outputBytes: 0 } } }),
    )
    const output = createScriptOutput()
    run.report({ stage: progressMessages.running(), progress: 0 })
    const options = {
      timeoutMs: timeoutMinutes * 60_000,
      signal: run.signal,
      onOutput(bytes: Buffer) {
        output.append(bytes)
        run.report({ detail: output.preview() })
      },
    }
    const { exitCode } = hasBootScript
      ? await hypervisor.waitForBootScript!(machineId, { ...options, endToken: bootScriptToken(machineId) })
      : await hypervisor.execute(machineId, {
          script: isConfig ? FOLLOW_CLOUD_INIT : script,
          ...options,
        })
    return {
      result: { exitCode, ...output.result() },
      async store(tx) {
        await recordMachineEvent(tx, {
          machineId,
          action: 'script ended',
          detail: nameMessages.eventExitCode({ code: exitCode }),
        })
      },
    }
  },
}

/** Scripts are not idempotent, so only a user may run one again. */
const scriptInterrupted = () =>
  new PermanentError({
    code: 'machine.script_interrupted',
    message: messages.scriptInterrupted(),
    advice: messages.scriptInterruptedAdvice(),
  })
