import { rm } from 'node:fs/promises'
import path from 'node:path'
import { isPresetSize } from '@/lib/machines/sizes'
import type { ImageCatalog } from '../images/image-catalog'
import type { BuiltImage } from '../images/image'
import { createOverlay } from '../images/qemu-img'
import type { MachineSpec, OnStage } from '@/worker/machines/hypervisor'
import type { MachineConnections } from '../state/machine-connections'
import { personalizeGuest } from '../guest/personalize-guest'
import { type QemuSettings, startGuest } from './start-guest'
import type { QemuHost } from '../qemu-host'
import { agentMissing, networkUnavailable, sizeTooSmall } from '@/worker/machines/drivers/machine-errors'
import { machineFiles, type MachineFolders, type MachineRecord } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { killMachine } from '../state/processes'
import { mapDiskFullToCapacity, requireCapacity } from '../capacity'
import type { TemplateStore } from '../templates/template-store'

interface CreateOptions {
  spec: MachineSpec
  signal: AbortSignal
  onStage?: OnStage
  folders: MachineFolders
  catalogue: ImageCatalog
  followed: MachineConnections
  host: Pick<QemuHost, 'outboundProblem'>
  engine: QemuSettings
  templates: TemplateStore
}

/**
 * Makes a machine: from the template of its image and size where there is one, else by booting it.
 * A half-made one of an earlier try is made anew; a whole one is only asked whether it is there.
 */
export async function createQemuMachine(creation: CreateOptions) {
  const { spec, signal, onStage, folders, followed, host } = creation
  const { id } = spec
  onStage?.('reserve')
  if ((await folders.read(id))?.isReady) {
    const seen = await observeQemuMachine(folders, id)
    if (seen.state === 'running') return followed.getAgent(id).ping(signal)
  }
  followed.disconnect(id)
  await killMachine(id)
  await folders.remove(id)
  const problem = spec.network === 'outbound' ? await host.outboundProblem() : null
  if (problem) throw networkUnavailable(problem)
  await folders.create(id)
  await requireCapacity(spec.size, folders.root)
  try {
    await startFromTemplateOrImage(creation)
    onStage?.('answer')
    await personalizeGuest({ spec, folders, followed, signal })
  } catch (error) {
    followed.disconnect(id)
    await killMachine(id)
    throw error
  }
}

async function startFromTemplateOrImage(creation: CreateOptions) {
  const { spec, signal, onStage, folders, catalogue, templates } = creation
  const image = await catalogue.requireImage(spec.image)
  const { minimum } = image.facts
  if (spec.size.memoryMiB < minimum.memoryMiB) throw sizeTooSmall('memory', minimum.memoryMiB)
  if (spec.size.diskMiB < minimum.diskMiB) throw sizeTooSmall('disk', minimum.diskMiB)
  const built = await image.build({ signal, onStage })
  const cold: MachineRecord = {
    spec,
    isReady: false,
    backing: [built.disk, ...built.backing],
    bootFrom: built.bootFrom,
  }
  if (spec.size.diskMiB < built.diskMiB) throw sizeTooSmall('disk', built.diskMiB)
  // Not of any size somebody thinks of: each template takes room for good.
  if (image.isSlowToBoot && isPresetSize(spec.size)) await ensureTemplate(creation, built)
  const template = await templates.find(built, spec.size)
  await folders.create(spec.id)
  if (template) {
    const restored = { ...cold, backing: [template.disk, ...cold.backing] }
    try {
      return await startOrReportDiskFull(creation, restored, template.memory)
    } catch (error) {
      signal.throwIfAborted()
      if (errorCode(error) === 'machine.no_room') throw error
      // Whatever it is that the saved memory no longer fits, a boot does not need it.
      await templates.discard(template)
      onStage?.('disk')
      if (!(error instanceof Error)) throw error
    }
  }
  await startOrReportDiskFull(creation, cold).catch((error: unknown) => {
    throw image.isCustom && errorCode(error) === 'machine.silent' ? agentMissing(spec.image, error) : error
  })
}

/** Where it cannot be kept the machine is booted all the same; an image that does not answer is not booted again. */
async function ensureTemplate({ spec, signal, onStage, templates }: CreateOptions, built: BuiltImage) {
  if (await templates.find(built, spec.size)) return
  onStage?.('image', 1, 'booting it once, for all machines of this size')
  await templates.build(built, spec.size, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    if (['machine.silent', 'machine.panicked'].includes(errorCode(error))) throw error
  })
}

const errorCode = (error: unknown) => (error as { code?: string }).code ?? ''

function startOrReportDiskFull(creation: CreateOptions, state: MachineRecord, memoryPath?: string) {
  const { spec, folders } = creation
  return mapDiskFullToCapacity(createDiskAndStart(creation, state, memoryPath), spec.size, folders.root)
}

async function createDiskAndStart(creation: CreateOptions, state: MachineRecord, memoryPath?: string) {
  const { spec, signal, onStage, folders, followed, engine } = creation
  const folder = folders.path(spec.id)
  onStage?.('disk')
  await rm(path.join(folder, machineFiles.disk), { force: true })
  await createOverlay(path.join(folder, machineFiles.disk), state.backing[0]!, spec.size.diskMiB, signal)
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
    onSpawn: (started) => followed.recordStart(spec.id, started),
  })
}
