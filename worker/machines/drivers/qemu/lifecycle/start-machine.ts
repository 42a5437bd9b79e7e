import type { OnStage } from '@/worker/machines/hypervisor'
import type { MachineConnections } from '../state/machine-connections'
import { personalizeGuest } from '../guest/personalize-guest'
import { type QemuSettings, startGuest } from './start-guest'
import { machineNotFound } from '@/worker/machines/drivers/machine-errors'
import type { MachineFolders } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { mapDiskFullToCapacity } from '../capacity'

/** Boots a machine from its own disk. One that runs is only asked whether it answers. */
export async function startQemuMachine(given: {
  id: string
  folders: MachineFolders
  followed: MachineConnections
  engine: QemuSettings
  signal: AbortSignal
  onStage?: OnStage
}) {
  const { id, folders, followed, engine, signal, onStage } = given
  const seen = await observeQemuMachine(folders, id)
  const state = await folders.read(id)
  if (!state) throw machineNotFound()
  if (seen.state === 'running') return followed.getAgent(id).ping(signal)
  onStage?.('boot')
  const { spec, backing, bootFrom } = state
  const starting = startGuest(engine, {
    spec,
    backing,
    bootFrom,
    folder: folders.path(id),
    signal,
    onSpawn: (started) => followed.recordStart(id, started),
  })
  await mapDiskFullToCapacity(starting, spec.size, folders.root)
  onStage?.('answer')
  await personalizeGuest({ spec, folders, followed, signal })
}
