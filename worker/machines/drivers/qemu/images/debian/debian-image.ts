import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { RetryLater } from '@/lib/errors'
import { withFileLock } from '@/worker/process/file-lock'
import type { BuiltImage, Image } from '../image'
import { inspectDisk } from '../qemu-img'
import { type OnBuildStep, DEBIAN_PACKAGES, DEBIAN_RELEASE } from './bootstrap'
import { customizationFingerprint } from './customize-image'
import { buildDebian } from './build-debian'
import type { DebianSettings } from './debian-settings'
import { projectPath } from '@/lib/process/project-path'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** Increase when the build changes in a way that the fingerprint of the installed files does not cover. */
const RECIPE_VERSION = 1
const MINIMUM_SIZE = { cpus: 1, memoryMiB: 512, diskMiB: 3_072 }
/** Limit on tasks that wait for the build: each occupies a worker slot that other machines need. */
const MAX_WAITING = 4
const RETRY_DELAY_MS = 5_000
const singleFlight = new SingleFlight<{ describe: () => string; progress: number }>()
const waitingTasks = new Semaphore(MAX_WAITING)

const currentSchema = z.object({
  recipe: z.string(),
  folder: z.string(),
  madeFrom: z.enum(['download', 'build']),
  arguments: z.string(),
})
type CurrentImage = z.infer<typeof currentSchema>

/**
 * The image `debian`: an official Debian image, downloaded or built from packages when the first machine needs it. Each build
 * has its own folder, which remains while machines use it as a backing file. `current.json` names the current build; without
 * it the image is rebuilt.
 */
export async function openDebianImage(root: string, settings: DebianSettings): Promise<Image> {
  const dir = path.join(root, 'debian')
  const current = await readCurrent(dir)
  return {
    isSlowToBoot: true,
    facts: {
      name: 'debian',
      label: 'Debian 12',
      description: current ? messages.imageDebian() : messages.imageDebianUnbuilt(),
      minimum: MINIMUM_SIZE,
      problem: process.arch === 'x64' ? null : messages.imageNeedsX64(),
    },
    findBuilt: () => findBuilt(dir),
    async build({ signal, onStage }) {
      onStage?.('image')
      const found = await findBuilt(dir)
      if (found) return found
      const release = waitingTasks.tryAcquire(dir)
      if (!release) throw new RetryLater(RETRY_DELAY_MS, 'the image debian is being built')
      try {
        await singleFlight.run(
          dir,
          (shared, report) =>
            buildUnlessBuilt({
              dir,
              settings,
              signal: shared,
              onStep: (describe, progress) => report({ describe, progress }),
            }),
          { signal, onProgress: ({ describe, progress }) => onStage?.('image', progress, describe()) },
        )
      } finally {
        release()
      }
      return (await findBuilt(dir))!
    },
  }
}

interface BuildOptions {
  dir: string
  settings: DebianSettings
  signal: AbortSignal
  onStep: OnBuildStep
}

/** Holds a file lock, so that workers that share the folder build once. */
async function buildUnlessBuilt(options: BuildOptions) {
  const { dir, signal } = options
  await mkdir(path.dirname(dir), { recursive: true })
  await withFileLock({ file: `${dir}.lock`, signal }, async () => {
    if (await findBuilt(dir)) return
    const folder = randomUUID()
    const build = await buildDebian({ ...options, folder })
    await writeCurrent(dir, { recipe: await computeRecipe(), folder, ...build })
  })
}

async function findBuilt(dir: string): Promise<BuiltImage | undefined> {
  const current = await readCurrent(dir)
  if (!current) return undefined
  const inFolder = (name: string) => path.join(dir, current.folder, name)
  const { diskMiB } = await inspectDisk({ image: 'debian', file: inFolder('root.qcow2') })
  return {
    version: current.folder,
    disk: inFolder('root.qcow2'),
    diskMiB,
    backing: [],
    bootFrom: { kernel: inFolder('vmlinuz'), initrd: inFolder('initrd'), arguments: current.arguments },
  }
}

/** Undefined when there is no build, its files were deleted, or another version of this app built it. */
async function readCurrent(dir: string) {
  const text = await readFile(path.join(dir, 'current.json'), 'utf8').catch(() => '{}')
  const { data: current } = currentSchema.safeParse(JSON.parse(text))
  if (current?.recipe !== (await computeRecipe())) return undefined
  return stat(path.join(dir, current.folder, 'root.qcow2')).then(
    () => current,
    () => undefined,
  )
}

async function writeCurrent(dir: string, current: CurrentImage) {
  await mkdir(dir, { recursive: true })
  const draft = path.join(dir, `current.${randomUUID()}`)
  await writeFile(draft, JSON.stringify(current, null, 2))
  await rename(draft, path.join(dir, 'current.json'))
}

async function computeRecipe() {
  const packScript = await readFile(
    projectPath('worker/machines/drivers/qemu/images/debian/pack-disk.sh'),
    'utf8',
  )
  const inputs = JSON.stringify([
    RECIPE_VERSION,
    DEBIAN_RELEASE,
    DEBIAN_PACKAGES,
    packScript,
    await customizationFingerprint(),
  ])
  return createHash('sha256').update(inputs).digest('hex').slice(0, 16)
}
