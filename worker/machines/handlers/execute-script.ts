import { PermanentError } from '@/lib/errors'
import { recordMachineEvent } from '@/lib/machines/events'
import { executeScriptTask } from '@/lib/machines/tasks'
import type { TaskHandler } from '@/worker/runtime/handler'
import { requireMachineHost } from './with-machine'
import { createScriptOutput } from './script-output'

/** Runs a script inside the machine; exit code and output are the result, whatever the code is. */
export const executeScript: TaskHandler<typeof executeScriptTask> = {
  kind: executeScriptTask,
  async run(run) {
    const { machineId, script, timeoutMinutes } = run.payload
    const { db } = run.context
    const { detail } = await db.task.findUniqueOrThrow({
      where: { id: run.taskId },
      select: { detail: true },
    })
    if (detail) throw scriptInterrupted()
    await run.write((tx) =>
      tx.task.update({ where: { id: run.taskId }, data: { detail: { outputBytes: 0 } } }),
    )
    const output = createScriptOutput()
    run.report({ stage: 'Running', progress: 0 })
    const { exitCode } = await requireMachineHost(run.context).hypervisor.execute(machineId, {
      script,
      timeoutMs: timeoutMinutes * 60_000,
      signal: run.signal,
      onOutput(bytes) {
        output.add(bytes)
        run.report({ detail: output.now() })
      },
    })
    return {
      result: { exitCode, ...output.whole() },
      async store(tx) {
        await recordMachineEvent(tx, { machineId, action: 'script ended', detail: `exit code ${exitCode}` })
      },
    }
  },
}

/** A script may have done anything, so it is not done twice without being asked for. */
const scriptInterrupted = () =>
  new PermanentError({
    code: 'machine.script_interrupted',
    message: 'The worker stopped while the script ran.',
    advice: 'What it did so far is done. Try again to run it from its beginning.',
  })
