import { rm } from 'node:fs/promises'
import path from 'node:path'
import { isNamedSize } from '@/lib/machines/sizes'
import type { Catalogue } from '../images/catalogue'
import type { BuiltImage } from '../images/image'
import { createOverlay } from '../images/qemu-img'
import type { MachineSpec, OnStage } from '../hypervisor'
import type { Followed } from './followed'
import { giveIdentity } from './give-identity'
import { type Engine, startGuest } from './guest'
import type { Host } from './host'
import { noAgent, noNetwork, tooSmall } from './machine-errors'
import { files, type MachineFolders, type MachineState } from './machine-folder'
import { observeMachine } from './observe'
import { killMachine } from './processes'
import { orNoRoom, refuseWithoutRoom } from './room'
import type { Templates } from './templates'

interface Creation {
  spec: MachineSpec
  signal: AbortSignal
  onStage?: OnStage
  folders: MachineFolders
  catalogue: Catalogue
  followed: Followed
  host: Pick<Host, 'outboundProblem'>
  engine: Engine
  templates: Templates
}

/**
 * Makes a machine: from the template of its image and size where there is one, else by booting it.
 * A half-made one of an earlier try is made anew; a whole one is only asked whether it is there.
 */
export async function createMachine(creation: Creation) {
  const { spec, signal, onStage, folders, followed, host } = creation
  const { id } = spec
  onStage?.('reserve')
  if ((await folders.read(id))?.isReady) {
    const seen = await observeMachine(folders, id)
    if (seen.state === 'running') return followed.agent(id).ping(signal)
  }
  followed.ended(id)
  await killMachine(id)
  await folders.remove(id)
  const problem = spec.network === 'outbound' ? await host.outboundProblem() : null
  if (problem) throw noNetwork(problem)
  await folders.make(id)
  await refuseWithoutRoom(spec.size, folders.root)
  try {
    await bringUp(creation)
    onStage?.('answer')
    await giveIdentity({ spec, folders, followed, signal })
  } catch (error) {
    followed.ended(id)
    await killMachine(id)
    throw error
  }
}

async function bringUp(creation: Creation) {
  const { spec, signal, onStage, folders, catalogue, templates } = creation
  const image = await catalogue.find(spec.image)
  const { minimum } = image.facts
  if (spec.size.memoryMiB < minimum.memoryMiB) throw tooSmall('memory', minimum.memoryMiB)
  if (spec.size.diskMiB < minimum.diskMiB) throw tooSmall('disk', minimum.diskMiB)
  const built = await image.build({ signal, onStage })
  const cold: MachineState = {
    spec,
    isReady: false,
    backing: [built.disk, ...built.backing],
    bootFrom: built.bootFrom,
  }
  if (spec.size.diskMiB < built.diskMiB) throw tooSmall('disk', built.diskMiB)
  // Not of any size somebody thinks of: each template takes room for good.
  if (image.isTemplateFirst && isNamedSize(spec.size)) await makeTemplate(creation, built)
  const template = await templates.find(built, spec.size)
  await folders.make(spec.id)
  if (template) {
    const restored = { ...cold, backing: [template.disk, ...cold.backing] }
    try {
      return await startFrom(creation, restored, template.memory)
    } catch (error) {
      signal.throwIfAborted()
      if (codeOf(error) === 'machine.no_room') throw error
      // Whatever it is that the saved memory no longer fits, a boot does not need it.
      await templates.discard(template)
      onStage?.('disk')
      if (!(error instanceof Error)) throw error
    }
  }
  await startFrom(creation, cold).catch((error: unknown) => {
    throw image.isForeign && codeOf(error) === 'machine.silent' ? noAgent(spec.image, error) : error
  })
}

/** Where it cannot be kept the machine is booted all the same; an image that does not answer is not booted again. */
async function makeTemplate({ spec, signal, onStage, templates }: Creation, built: BuiltImage) {
  if (await templates.find(built, spec.size)) return
  onStage?.('image', 1, 'booting it once, for all machines of this size')
  await templates.make(built, spec.size, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    if (['machine.silent', 'machine.panicked'].includes(codeOf(error))) throw error
  })
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''

function startFrom(creation: Creation, state: MachineState, memoryPath?: string) {
  const { spec, folders } = creation
  return orNoRoom(putAndStart(creation, state, memoryPath), spec.size, folders.root)
}

async function putAndStart(creation: Creation, state: MachineState, memoryPath?: string) {
  const { spec, signal, onStage, folders, followed, engine } = creation
  const folder = folders.path(spec.id)
  onStage?.('disk')
  await rm(path.join(folder, files.disk), { force: true })
  await createOverlay(path.join(folder, files.disk), state.backing[0]!, spec.size.diskMiB, signal)
  await folders.write(spec.id, state)
  onStage?.('boot')
  const { backing, bootFrom } = state
  await startGuest(engine, {
    spec,
    folder,
    memoryPath,
    backing,
    bootFrom,
    signal,
    onSpawn: (started) => followed.began(spec.id, started),
  })
}
