import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { BuiltImage, Image } from './image'
import { checkDisk, inspectDisk } from './qemu-img'

const FILE_NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,60}\.qcow2$/i

/**
 * Disks that an administrator put into a folder. They bring a boot loader, and have to start
 * `worker/machines/drivers/qemu/guest/agent.sh` on /dev/hvc0: without it nobody inside answers.
 */
export async function listCustomImages(dir: string): Promise<Image[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.qcow2'))
  return Promise.all(names.sort().map((name) => createCustomImage(dir, name)))
}

async function createCustomImage(dir: string, fileName: string): Promise<Image> {
  const name = fileName.replace(/\.qcow2$/, '')
  const file = path.join(dir, fileName)
  const look = async (signal?: AbortSignal) => {
    if (!FILE_NAME_PATTERN.test(fileName))
      throw new Error('its file name may hold only letters, digits, dots, - and _')
    return inspectDisk(name, file, signal)
  }
  const seen = await look().then(
    ({ diskMiB }) => ({ diskMiB, problem: null }),
    (error: Error) => ({ diskMiB: 0, problem: error.message }),
  )
  return {
    isCustom: true,
    facts: {
      name,
      label: name,
      description:
        'An image of this server’s administrator. It has to bring the agent through which machines answer.',
      minimum: { cpus: 1, memoryMiB: 256, diskMiB: seen.diskMiB },
      problem: seen.problem,
    },
    findBuilt: async () => (seen.problem ? undefined : describeBuilt(file, seen.diskMiB)),
    async build({ signal, onStage }) {
      onStage?.('image')
      // Again: it may have been replaced since it was listed.
      const { diskMiB } = await look(signal)
      const built = await describeBuilt(file, diskMiB)
      await checkDisk(name, file, signal)
      return built
    },
  }
}

async function describeBuilt(file: string, diskMiB: number): Promise<BuiltImage> {
  const { mtimeMs, size } = await stat(file)
  return { version: `${Math.round(mtimeMs)}-${size}`, disk: file, diskMiB, backing: [], bootFrom: 'disk' }
}
