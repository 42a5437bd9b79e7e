import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'
import { machineSizeSchema } from './size-schema'
import { machineSubject } from './task-subject'

const machinePayloadSchema = z.object({ machineId: z.uuid() })

/** For tasks that take seconds, most of which they wait for the guest. */
const quickQueue = { hostQueue: 'machines', concurrency: 12, expireSeconds: 30 * 60, retryDelaySeconds: 2 }
const defineQuickTaskKind = <const Name extends string>(name: Name, label: () => string, maxAttempts = 3) =>
  defineTaskKind({
    name,
    label,
    payload: machinePayloadSchema,
    subject: machineSubject,
    queue: { ...quickQueue, maxAttempts },
  })

/** Queued for all hosts. The host that claims it moves the machine's other tasks to its host queue. */
export const provisionMachineTask = defineQuickTaskKind('machine.provision', messages.provisioningMachine)
export const startMachineTask = defineQuickTaskKind('machine.start', messages.startingMachine)
export const stopMachineTask = defineQuickTaskKind('machine.stop', messages.stoppingMachine)
export const rebootMachineTask = defineQuickTaskKind('machine.reboot', messages.rebootingMachine)
export const terminateMachineTask = defineQuickTaskKind('machine.terminate', messages.terminatingMachine, 10)

export const resizeMachineTask = defineTaskKind({
  name: 'machine.resize',
  subject: machineSubject,
  label: messages.resizingMachine,
  payload: machinePayloadSchema.extend({ size: machineSizeSchema.extend({ name: z.string() }) }),
  queue: quickQueue,
})

export const snapshotMachineTask = defineTaskKind({
  name: 'machine.snapshot',
  subject: machineSubject,
  label: messages.takingSnapshot,
  payload: machinePayloadSchema.extend({ snapshotId: z.uuid() }),
  queue: { hostQueue: 'machines.snapshot', concurrency: 2, expireSeconds: 2 * 60 * 60 },
})

/** Never retried automatically, because scripts are not idempotent. */
export const executeScriptTask = defineTaskKind({
  name: 'machine.execute',
  subject: machineSubject,
  label: messages.runningStartupScript,
  payload: machinePayloadSchema.extend({
    script: z.string(),
    timeoutMinutes: z.number().int().positive(),
    thenTerminate: z.boolean(),
  }),
  queue: { hostQueue: 'machines.execute', concurrency: 16, expireSeconds: 23 * 60 * 60, maxAttempts: 1 },
})

/** Kinds that change a machine's state. A machine has at most one unfinished task of these kinds. */
const stateChangingKinds = [
  provisionMachineTask,
  startMachineTask,
  stopMachineTask,
  rebootMachineTask,
  resizeMachineTask,
  terminateMachineTask,
]
export const stateChangingKindNames: string[] = stateChangingKinds.map((kind) => kind.name)

export const machineKinds = [...stateChangingKinds, snapshotMachineTask, executeScriptTask]
