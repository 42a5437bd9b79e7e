import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { Prisma } from '@/lib/generated/prisma/client'
import type { MachineCapabilities } from '@/lib/machines/capabilities'
import { isCloudConfig } from '@/lib/machines/cloud-config'
import { recordMachineEvent } from '@/lib/machines/events'
import { executeScriptTask, provisionMachineTask } from '@/lib/machines/tasks'
import { transitionMachine, tryTransitionMachine } from '@/lib/machines/state'
import { estimateProvisionSeconds } from '@/lib/machines/provision-estimate'
import { queueNameOf } from '@/lib/tasks/task-kind'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import type { TaskHandler } from '@/worker/runtime/handler'
import { bootScriptToken } from './boot-script-token'
import { FOLLOW_CLOUD_INIT } from './follow-cloud-init'
import { failPendingMachine } from './record-failure'
import { createStageReporter } from './stage-reporter'
import { requireMachineHost, withMachine } from './with-machine'

/** Creates the machine on this host and starts it. Idempotent: continues what an earlier attempt began. */
export const provisionMachine: TaskHandler<typeof provisionMachineTask> = {
  kind: provisionMachineTask,
  run: (run) =>
    withMachine(run, async (machine, host) => {
      const { id } = machine
      // Claims the machine for this host, so that this host cleans up after a failed attempt.
      await run.write((tx) =>
        transitionMachine(tx, { id, to: 'pending', data: { hostId: host.id, error: Prisma.DbNull } }),
      )
      const stages = createStageReporter(run, {
        definitions: host.hypervisor.stages,
        typicalSeconds: await estimateProvisionSeconds(run.context.db, machine),
      })
      const { startedAt } = await host.hypervisor.create(
        {
          id,
          hostname: machine.name,
          image: machine.image,
          size: machine,
          sshKeys: machine.sshKeys,
          network: machine.network,
          ...toUserData(machine, host.hypervisor.capabilities),
        },
        { signal: run.signal, onStage: stages.onStage },
      )
      return {
        result: stages.finish(),
        async store(tx) {
          await transitionMachine(tx, {
            id,
            to: 'running',
            data: { startedAt: startedAt ?? new Date(databaseTimeMs()) },
          })
          await recordMachineEvent(tx, { machineId: id, action: 'running' })
          // The script was enqueued before the machine had a host.
          await tx.task.updateMany({
            where: { parentId: run.taskId, kind: executeScriptTask.name },
            data: { queue: queueNameOf(executeScriptTask, host.id) },
          })
        },
      }
    }),

  onFailed: (tx, { machineId }, error) => failPendingMachine(tx, machineId, error),

  async discard({ payload: { machineId }, context }) {
    const host = requireMachineHost(context)
    await host.withLock(machineId, () => host.hypervisor.destroy(machineId))
    await tryTransitionMachine(context.db, {
      id: machineId,
      from: 'pending',
      to: 'terminated',
      data: { desired: 'terminated', terminatedAt: new Date(databaseTimeMs()) },
    })
  },
}

/** What the guest applies at its first start. A script for which the host has another way runs when the machine is up. */
function toUserData(
  { id, userData }: { id: string; userData: string | null },
  { bootScript: hasBootScript }: MachineCapabilities,
): Pick<MachineSpec, 'bootScript' | 'cloudConfig'> {
  if (userData === null) return {}
  const cloudConfig = isCloudConfig(userData) ? userData : undefined
  const script = cloudConfig ? FOLLOW_CLOUD_INIT : userData
  return { cloudConfig, bootScript: hasBootScript ? { script, endToken: bootScriptToken(id) } : undefined }
}
