import { z } from 'zod'
import { defineKind } from '../tasks/kind'
import { machineSizeSchema } from './sizes'

const ofMachine = z.object({ machineId: z.uuid() })

// Work of seconds, which waits for the machine rather than for the processor.
const quick = { lane: 'machines', concurrency: 12, expireSeconds: 30 * 60, retryDelaySeconds: 2 }

/** Waits where any host takes it; once one has, it goes to that host's lane. */
export const provisionMachine = defineKind({
  name: 'machine.provision',
  label: 'Making the machine',
  payload: ofMachine,
  queue: quick,
})

export const startMachine = defineKind({
  name: 'machine.start',
  label: 'Starting the machine',
  payload: ofMachine,
  queue: quick,
})

export const stopMachine = defineKind({
  name: 'machine.stop',
  label: 'Stopping the machine',
  payload: ofMachine,
  queue: quick,
})

export const rebootMachine = defineKind({
  name: 'machine.reboot',
  label: 'Rebooting the machine',
  payload: ofMachine,
  queue: quick,
})

export const resizeMachine = defineKind({
  name: 'machine.resize',
  label: 'Resizing the machine',
  payload: ofMachine.extend({ size: machineSizeSchema.extend({ name: z.string() }) }),
  queue: quick,
})

export const terminateMachine = defineKind({
  name: 'machine.terminate',
  label: 'Terminating the machine',
  payload: ofMachine,
  queue: { ...quick, maxAttempts: 10 },
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
