import type { OnStage } from '../hypervisor'
import type { Followed } from './followed'
import { giveIdentity } from './give-identity'
import { type Engine, startGuest } from './guest'
import { absent } from './machine-errors'
import type { MachineFolders } from './machine-folder'
import { observeMachine } from './observe'
import { orNoRoom } from './room'

/** Boots a machine from its own disk. One that runs is only asked whether it answers. */
export async function startMachine(given: {
  id: string
  folders: MachineFolders
  followed: Followed
  engine: Engine
  signal: AbortSignal
  onStage?: OnStage
}) {
  const { id, folders, followed, engine, signal, onStage } = given
  const seen = await observeMachine(folders, id)
  const state = await folders.read(id)
  if (!state) throw absent()
  if (seen.state === 'running') return followed.agent(id).ping(signal)
  onStage?.('boot')
  const { spec, backing, bootFrom } = state
  const starting = startGuest(engine, {
    spec,
    backing,
    bootFrom,
    folder: folders.path(id),
    signal,
    onSpawn: (started) => followed.began(id, started),
  })
  await orNoRoom(starting, spec.size, folders.root)
  onStage?.('answer')
  await giveIdentity({ spec, folders, followed, signal })
}
