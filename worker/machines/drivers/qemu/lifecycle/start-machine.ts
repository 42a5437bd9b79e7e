import type { OnStage } from '@/worker/machines/hypervisor'
import { machineNotFound } from '../../machine-errors'
import { mapDiskFullToCapacity } from '../capacity'
import { personalizeGuest } from '../guest/personalize-guest'
import type { QemuSettings } from '../qemu-settings'
import type { MachineConnections } from '../state/machine-connections'
import type { MachineFolders } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { startGuest } from './start-guest'

interface StartOptions {
  id: string
  folders: MachineFolders
  connections: MachineConnections
  settings: QemuSettings
  signal: AbortSignal
  onStage?: OnStage
}

/** Boots a machine from its own disk; of a running machine only checks that the agent responds. */
export async function startQemuMachine(options: StartOptions) {
  const { id, folders, connections, settings, signal, onStage } = options
  const observation = await observeQemuMachine(folders, id)
  const record = await folders.read(id)
  if (!record) throw machineNotFound()
  if (observation.state === 'running') return connections.getAgent(id).ping(signal)
  onStage?.('boot')
  const { spec, backing, bootFrom } = record
  const starting = startGuest(settings, {
    spec,
    backing,
    bootFrom,
    folder: folders.path(id),
    signal,
    onSpawn: (started) => connections.recordStart(id, started),
  })
  await mapDiskFullToCapacity(starting, { size: spec.size, dir: folders.root })
  onStage?.('answer')
  await personalizeGuest({ spec, folders, connections, signal })
}
