import { z } from 'zod'
import { defineKind } from '../tasks/kind'
import { machineSizeSchema } from './size-schema'

const ofMachine = z.object({ machineId: z.uuid() })

/** Work of seconds, which waits for the machine rather than for the processor. */
const quick = { lane: 'machines', concurrency: 12, expireSeconds: 30 * 60, retryDelaySeconds: 2 }
const quickKind = <const Name extends string>(name: Name, label: string, maxAttempts = 3) =>
  defineKind({ name, label, payload: ofMachine, queue: { ...quick, maxAttempts } })

/** Waits where any host takes it; once one has, it goes to that host's lane. */
export const provisionMachine = quickKind('machine.provision', 'Making the machine')
export const startMachine = quickKind('machine.start', 'Starting the machine')
export const stopMachine = quickKind('machine.stop', 'Stopping the machine')
export const rebootMachine = quickKind('machine.reboot', 'Rebooting the machine')
export const terminateMachine = quickKind('machine.terminate', 'Terminating the machine', 10)

export const resizeMachine = defineKind({
  name: 'machine.resize',
  label: 'Resizing the machine',
  payload: ofMachine.extend({ size: machineSizeSchema.extend({ name: z.string() }) }),
  queue: quick,
})

export const snapshotMachine = defineKind({
  name: 'machine.snapshot',
  label: 'Taking a snapshot',
  payload: ofMachine.extend({ snapshotId: z.uuid() }),
  queue: { lane: 'machines.snapshot', concurrency: 2, expireSeconds: 2 * 60 * 60 },
})

/** A script that was begun is never begun again by itself. */
export const executeScript = defineKind({
  name: 'machine.execute',
  label: 'Running the script',
  payload: ofMachine.extend({
    script: z.string(),
    timeoutMinutes: z.number().int().positive(),
    thenTerminate: z.boolean(),
  }),
  queue: { lane: 'machines.execute', concurrency: 16, expireSeconds: 23 * 60 * 60, maxAttempts: 1 },
})

/** Kinds whose task tells what state the machine is getting into. */
export const stateKinds: string[] = [
  provisionMachine,
  startMachine,
  stopMachine,
  rebootMachine,
  resizeMachine,
  terminateMachine,
].map((kind) => kind.name)

export const machineKinds = [
  provisionMachine,
  startMachine,
  stopMachine,
  rebootMachine,
  resizeMachine,
  terminateMachine,
  snapshotMachine,
  executeScript,
]
