import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { BuiltImage, Image } from './image'
import { checkDisk, inspectDisk } from './qemu-img'
import * as messages from '@/lib/generated/messages/machine-host-texts'

const FILE_NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,60}\.qcow2$/i

/**
 * Lists the qcow2 disks that the operator has put into `dir`. A custom image needs a boot loader and has to run
 * `worker/machines/drivers/qemu/guest/agent.sh` on /dev/hvc0.
 */
export async function listCustomImages(dir: string): Promise<Image[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.qcow2'))
  return Promise.all(names.sort().map((name) => createCustomImage(dir, name)))
}

async function createCustomImage(dir: string, fileName: string): Promise<Image> {
  const name = fileName.replace(/\.qcow2$/, '')
  const file = path.join(dir, fileName)
  const inspect = async (signal?: AbortSignal) => {
    if (!FILE_NAME_PATTERN.test(fileName))
      throw new Error('its file name may contain only letters, digits, dots, hyphens and underscores')
    return inspectDisk({ image: name, file, signal })
  }
  const inspection = await inspect().then(
    ({ diskMiB }) => ({ diskMiB, problem: null }),
    (error: Error) => ({ diskMiB: 0, problem: error.message }),
  )
  return {
    isCustom: true,
    facts: {
      name,
      label: name,
      description: messages.imageCustom(),
      minimum: { cpus: 1, memoryMiB: 256, diskMiB: inspection.diskMiB },
      problem: inspection.problem,
    },
    findBuilt: async () => (inspection.problem ? undefined : describeBuilt(file, inspection.diskMiB)),
    async build({ signal, onStage }) {
      onStage?.('image')
      // Inspected again, as the file may have been replaced since it was listed.
      const { diskMiB } = await inspect(signal)
      const built = await describeBuilt(file, diskMiB)
      await checkDisk({ image: name, file, signal })
      return built
    },
  }
}

async function describeBuilt(file: string, diskMiB: number): Promise<BuiltImage> {
  const { mtimeMs, size } = await stat(file)
  return { version: `${Math.round(mtimeMs)}-${size}`, disk: file, diskMiB, backing: [], bootFrom: 'disk' }
}
