import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { unpackDebianPackages } from './debian-packages'
import type { BuiltImage, Image } from './image'
import { packInitrd } from './initrd'
import { createRootDisk, populateTinyRoot } from './tiny-root'
import { writePidFile } from '../state/pid-file'
import { TINY_FILES, TINY_FOLDERS, TINY_MODULES } from './tiny-files'
import { imageBroken } from '../../machine-errors'
import { mapDiskFullToImageSpace } from './image-space'
import { GUEST_DIR } from '../guest/guest-dir'
import * as messages from '@/lib/generated/messages/machine-image-problems'
import * as hostMessages from '@/lib/generated/messages/machine-host-texts'

/** Increase when the build changes in a way that the hash of the guest files does not cover. */
const RECIPE_VERSION = 1
const DISK_MIB = 96
/** For the packages, their unpacked files and the disk at the same time. */
const REQUIRED_MIB = 384
const singleFlight = new SingleFlight()

/**
 * The image `tiny`: Debian's cloud kernel with busybox, built from downloaded packages that are unpacked, never installed.
 * A build is stored in `root` under the hash of its inputs.
 */
export function openTinyImage(root: string): Image {
  return {
    facts: {
      name: 'tiny',
      label: 'Tiny Linux',
      description: hostMessages.imageTiny(),
      minimum: { cpus: 1, memoryMiB: 128, diskMiB: 128 },
      problem: process.arch === 'x64' ? null : hostMessages.imageNeedsX64(),
    },
    async findBuilt() {
      const built = await describeCurrentBuild(root)
      return (await isBuilt(built.disk)) ? built : undefined
    },
    async build({ signal, onStage }) {
      onStage?.('image')
      const built = await describeCurrentBuild(root)
      if (await isBuilt(built.disk)) return built
      await singleFlight.run(root, (shared) => buildTinyImage(path.dirname(built.disk), shared), { signal })
      return built
    },
  }
}

async function describeCurrentBuild(root: string) {
  const version = await computeVersion()
  return describeBuilt(path.join(root, 'tiny', version), version)
}

const describeBuilt = (dir: string, version: string): BuiltImage => ({
  version,
  disk: path.join(dir, 'root.qcow2'),
  diskMiB: DISK_MIB,
  backing: [],
  bootFrom: {
    kernel: path.join(dir, 'vmlinuz'),
    initrd: path.join(dir, 'initrd'),
    arguments: 'console=ttyS0 no_timer_check random.trust_cpu=on net.ifnames=0 mitigations=off',
  },
})

async function buildTinyImage(dir: string, signal: AbortSignal) {
  const workDir = `${dir}.${randomUUID()}`
  try {
    const [packages, unpacked, tree, output] = ['packages', 'unpacked', 'tree', 'output'].map((name) =>
      path.join(workDir, name),
    )
    for (const folder of [packages, unpacked, tree, output])
      await mkdir(folder!, { recursive: true, mode: 0o755 })
    await writePidFile(workDir)
    await unpackDebianPackages({
      kernel: 'linux-image-cloud-amd64',
      others: ['busybox-static'],
      workDir: packages!,
      target: unpacked!,
      signal,
    })
    await copyKernel(unpacked!, output!)
    await packInitrd({
      unpacked: unpacked!,
      workDir: path.join(workDir, 'initrd'),
      to: path.join(output!, 'initrd'),
      signal,
    })
    await populateTinyRoot({ unpacked: unpacked!, tree: tree!, signal })
    await createRootDisk({ tree: tree!, disk: path.join(output!, 'root.qcow2'), sizeMiB: DISK_MIB, signal })
    await rename(output!, dir).catch((error: NodeJS.ErrnoException) => {
      // Another process has built it at the same time.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    throw mapDiskFullToImageSpace(error, { image: 'tiny', neededMiB: REQUIRED_MIB })
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function copyKernel(unpacked: string, outputDir: string) {
  const kernel = (await readdir(path.join(unpacked, 'boot'))).find((name) => name.startsWith('vmlinuz-'))
  if (!kernel) throw imageBroken('tiny', messages.packageWithoutKernel())
  await copyFile(path.join(unpacked, 'boot', kernel), path.join(outputDir, 'vmlinuz'))
}

async function computeVersion() {
  const hash = createHash('sha256').update(
    `${RECIPE_VERSION} ${JSON.stringify([TINY_FILES, TINY_FOLDERS, TINY_MODULES])}`,
  )
  const files = (await readdir(GUEST_DIR)).filter((name) => name.endsWith('.sh'))
  for (const name of files.sort()) hash.update(await readFile(path.join(GUEST_DIR, name)))
  return hash.digest('hex').slice(0, 16)
}

const isBuilt = (file: string) =>
  readFile(`${path.dirname(file)}/initrd`).then(
    () => true,
    () => false,
  )
