import { rm } from 'node:fs/promises'
import { errorCode } from '@/lib/errors'
import { isPresetSize } from '@/lib/machines/sizes'
import type { ImageCatalog } from '../images/image-catalog'
import type { BuiltImage } from '../images/image'
import { createOverlay } from '../images/qemu-img'
import type { MachineSpec, OnStage } from '@/worker/machines/hypervisor'
import type { MachineConnections } from '../state/machine-connections'
import { personalizeGuest } from '../guest/personalize-guest'
import { startGuest } from './start-guest'
import type { QemuHost } from '../qemu-host'
import { agentMissing, networkUnavailable, sizeTooSmall } from '../../machine-errors'
import { type MachineFolders, type MachineRecord } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { killMachine } from '../state/processes'
import { mapDiskFullToCapacity, requireCapacity } from '../capacity'
import type { TemplateStore } from '../templates/template-store'
import { prepareGuestFolder } from '../state/guest-folder'
import type { QemuSettings } from '../qemu-settings'

interface CreateOptions {
  spec: MachineSpec
  signal: AbortSignal
  onStage?: OnStage
  folders: MachineFolders
  catalog: ImageCatalog
  connections: MachineConnections
  host: Pick<QemuHost, 'outboundProblem'>
  settings: QemuSettings
  templates: TemplateStore
}

/**
 * Creates a machine from the template of its image and size if there is one, otherwise by booting the image. Idempotent:
 * an incomplete machine of an earlier attempt is replaced, and of a running one only the agent is pinged.
 */
export async function createQemuMachine(options: CreateOptions) {
  const { spec, signal, onStage, folders, connections, host } = options
  const { id } = spec
  onStage?.('reserve')
  if ((await folders.read(id))?.isReady) {
    const observation = await observeQemuMachine(folders, id)
    if (observation.state === 'running') return connections.getAgent(id).ping(signal)
  }
  connections.disconnect(id)
  await killMachine(id)
  await folders.remove(id)
  const problem = spec.network === 'outbound' ? await host.outboundProblem() : null
  if (problem) throw networkUnavailable(problem)
  await folders.create(id)
  await requireCapacity(spec.size, folders.root)
  try {
    await startFromTemplateOrImage(options)
    onStage?.('answer')
    await personalizeGuest({ spec, folders, connections, signal })
  } catch (error) {
    connections.disconnect(id)
    await killMachine(id)
    throw error
  }
}

async function startFromTemplateOrImage(options: CreateOptions) {
  const { spec, signal, onStage, folders, catalog, templates } = options
  const image = await catalog.requireImage(spec.image)
  const { minimum } = image.facts
  if (spec.size.memoryMiB < minimum.memoryMiB) throw sizeTooSmall('memory', minimum.memoryMiB)
  if (spec.size.diskMiB < minimum.diskMiB) throw sizeTooSmall('disk', minimum.diskMiB)
  const built = await image.build({ signal, onStage })
  const record: MachineRecord = {
    spec,
    isReady: false,
    backing: [built.disk, ...built.backing],
    bootFrom: built.bootFrom,
  }
  if (spec.size.diskMiB < built.diskMiB) throw sizeTooSmall('disk', built.diskMiB)
  // For preset sizes only, because every template takes disk space.
  if (image.isSlowToBoot && isPresetSize(spec.size)) await ensureTemplate(options, built)
  const template = await templates.find(built, spec.size)
  await folders.create(spec.id)
  if (template) {
    const restored = { ...record, backing: [template.disk, ...record.backing] }
    try {
      return await startGuestFrom(restored, { ...options, memoryPath: template.memory })
    } catch (error) {
      signal.throwIfAborted()
      if (errorCode(error) === 'machine.no_room') throw error
      // This host can no longer restore the saved memory, which booting does not need.
      await templates.discard(template)
    }
  }
  await startGuestFrom(record, options).catch((error: unknown) => {
    throw image.isCustom && errorCode(error) === 'machine.silent' ? agentMissing(spec.image, error) : error
  })
}

/**
 * Builds the template if there is none. Ignores a failure to save it, because the machine can boot instead; fails when the
 * guest does not respond or panics, because the machine would, too.
 */
async function ensureTemplate({ spec, signal, onStage, templates }: CreateOptions, built: BuiltImage) {
  if (await templates.find(built, spec.size)) return
  onStage?.('image', 1, 'booting it once for all machines of this size')
  await templates.build({ image: built, size: spec.size, signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    if (['machine.silent', 'machine.panicked'].includes(errorCode(error) ?? '')) throw error
  })
}

type StartOptions = CreateOptions & { memoryPath?: string }

function startGuestFrom(record: MachineRecord, options: StartOptions) {
  const { spec, folders } = options
  return mapDiskFullToCapacity(createDiskAndStart(record, options), { size: spec.size, dir: folders.root })
}

async function createDiskAndStart(record: MachineRecord, options: StartOptions) {
  const { spec, memoryPath, signal, onStage, folders, connections, settings } = options
  const folder = folders.path(spec.id)
  onStage?.('disk')
  const disk = await prepareGuestFolder(folder)
  await rm(disk, { force: true })
  await createOverlay({ disk, backingFile: record.backing[0]!, sizeMiB: spec.size.diskMiB, signal })
  await folders.write(spec.id, record)
  onStage?.('boot')
  const { backing, bootFrom } = record
  await startGuest(settings, {
    spec,
    folder,
    memoryPath,
    backing,
    bootFrom,
    signal,
    onSpawn: (started) => connections.recordStart(spec.id, started),
  })
}
