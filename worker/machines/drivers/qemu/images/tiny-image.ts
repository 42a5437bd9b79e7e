import { createHash, randomUUID } from 'node:crypto'
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { runProgram } from '@/worker/process/run-program'
import { unpackDebianPackages } from './debian-packages'
import type { BuiltImage, Image } from './image'
import { packInitrd } from './initrd'
import { writePidFile } from '../state/pid-file'
import { convertFromRaw } from './qemu-img'
import { buildReseedProgram } from './reseed-program'
import { TINY_FILES, TINY_FOLDERS, TINY_MODULES } from './tiny-files'
import { imageBroken } from '../../machine-errors'
import { mapDiskFullToImageSpace } from './image-space'

/** Increase when the build changes in a way that the hash of the guest files does not cover. */
const RECIPE_VERSION = 1
const DISK_MIB = 96
/** For the packages, their unpacked files and the disk at the same time. */
const REQUIRED_MIB = 384
const PROGRAM_TIMEOUT_MS = 120_000
const guestDir = path.join(import.meta.dirname, '../guest')
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
      description:
        'Debian’s kernel with busybox. Boots to a root shell within a second; for experiments and small jobs.',
      minimum: { cpus: 1, memoryMiB: 128, diskMiB: 128 },
      problem: process.arch === 'x64' ? null : 'Available on x86-64 only.',
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
    await populateRoot(unpacked!, tree!, signal)
    await createRootDisk(tree!, path.join(output!, 'root.qcow2'), signal)
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
  if (!kernel) throw imageBroken('tiny', 'its package contains no kernel')
  await copyFile(path.join(unpacked, 'boot', kernel), path.join(outputDir, 'vmlinuz'))
}

async function populateRoot(unpacked: string, tree: string, signal: AbortSignal) {
  for (const dir of TINY_FOLDERS) await mkdir(path.join(tree, dir), { recursive: true })
  await chmod(path.join(tree, 'tmp'), 0o1777)
  await chmod(path.join(tree, 'root'), 0o700)
  for (const [name, text] of Object.entries(TINY_FILES)) await writeFile(path.join(tree, name), text)
  const busybox = path.join(tree, 'bin/busybox')
  await copyFile(path.join(unpacked, 'bin/busybox'), busybox)
  await chmod(busybox, 0o755)
  const applets = await runProgram({
    file: busybox,
    args: ['--list-full'],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  })
  for (const applet of applets.split('\n').filter((name) => name && name !== 'bin/busybox'))
    await symlink('/bin/busybox', path.join(tree, applet)).catch(() => undefined)
  for (const [from, to] of [
    ['agent.sh', 'agent'],
    ['tiny-rc.sh', 'rc'],
    ['tiny-console.sh', 'console'],
  ] as const)
    await writeFile(path.join(tree, 'usr/lib/meanwhile', to), await readFile(path.join(guestDir, from)), {
      mode: 0o755,
    })
  await writeFile(path.join(tree, 'usr/lib/meanwhile/reseed'), buildReseedProgram(), { mode: 0o755 })
  await copyWithLibraries('/usr/sbin/resize2fs', tree, signal)
}

/** Copies a program of the host and its shared libraries to the same paths in the image. */
async function copyWithLibraries(program: string, tree: string, signal: AbortSignal) {
  const linked = await runProgram({ file: 'ldd', args: [program], timeoutMs: PROGRAM_TIMEOUT_MS, signal })
  const libraries = linked.match(/\/\S+\.so\S*/g) ?? []
  for (const file of [program, ...libraries]) {
    const to = path.join(tree, file)
    await mkdir(path.dirname(to), { recursive: true })
    await copyFile(file, to)
    await chmod(to, 0o755)
  }
}

/** Builds the root file system in a user namespace, so that all its files belong to root. */
async function createRootDisk(tree: string, disk: string, signal: AbortSignal) {
  const raw = `${disk}.raw`
  await writeFile(raw, '')
  await truncate(raw, DISK_MIB * 1024 ** 2)
  await runProgram({
    file: 'unshare',
    args: [
      '--user',
      '--map-root-user',
      'mke2fs',
      '-q',
      '-t',
      'ext4',
      '-m',
      '0',
      '-L',
      'root',
      '-d',
      tree,
      raw,
    ],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  })
  await convertFromRaw(raw, disk, signal)
  await rm(raw)
}

async function computeVersion() {
  const hash = createHash('sha256').update(
    `${RECIPE_VERSION} ${JSON.stringify([TINY_FILES, TINY_FOLDERS, TINY_MODULES])}`,
  )
  const files = (await readdir(guestDir)).filter((name) => name.endsWith('.sh'))
  for (const name of files.sort()) hash.update(await readFile(path.join(guestDir, name)))
  return hash.digest('hex').slice(0, 16)
}

const isBuilt = (file: string) =>
  readFile(`${path.dirname(file)}/initrd`).then(
    () => true,
    () => false,
  )
