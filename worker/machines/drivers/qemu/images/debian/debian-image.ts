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

/** To be raised when the way it is made changes in what the files put into it do not show. */
const RECIPE_VERSION = 1
const MINIMUM_SIZE = { cpus: 1, memoryMiB: 512, diskMiB: 3_072 }
/** Tasks that may wait for the build at once: each holds a slot of this host that other machines need. */
const MAX_WAITING = 4
const RETRY_DELAY_MS = 5_000
const singleFlight = new SingleFlight<{ step: string; progress: number }>()
const waitingTasks = new Semaphore(MAX_WAITING)

const currentSchema = z.object({
  recipe: z.string(),
  folder: z.string(),
  madeFrom: z.enum(['download', 'build']),
  arguments: z.string(),
})
export type CurrentImage = z.infer<typeof currentSchema>

/**
 * Debian as it is: downloaded from Debian, or built from its packages, when somebody orders the first
 * machine of it. Each one made has a folder of its own, which stays below the machines made from it;
 * `current.json` names the newest, and without it a new one is made.
 */
export async function openDebianImage(root: string, settings: DebianSettings): Promise<Image> {
  const dir = path.join(root, 'debian')
  const known = await readCurrent(dir)
  return {
    isSlowToBoot: true,
    facts: {
      name: 'debian',
      label: 'Debian 12',
      description: `A whole Debian: systemd, apt, bash and ssh, as on any server.${known ? '' : ' The first one takes some 3 minutes: the image has to be made.'}`,
      minimum: MINIMUM_SIZE,
      problem: process.arch === 'x64' ? null : 'It exists for x86-64 only.',
    },
    findBuilt: () => findBuilt(dir),
    async build({ signal, onStage }) {
      onStage?.('image')
      const found = await findBuilt(dir)
      if (found) return found
      const release = waitingTasks.tryAcquire(dir)
      if (!release) throw new RetryLater(RETRY_DELAY_MS, 'the image debian is being made')
      try {
        await singleFlight.run(
          dir,
          (shared, report) =>
            buildUnlessBuilt({
              dir,
              settings,
              signal: shared,
              onStep: (step, progress) => report({ step, progress }),
            }),
          { signal, onProgress: ({ step, progress }) => onStage?.('image', progress, step) },
        )
      } finally {
        release()
      }
      return (await findBuilt(dir))!
    },
  }
}

/** Another worker on the same folder may be at it; then what that one has made serves here as well. */
async function buildUnlessBuilt(given: {
  dir: string
  settings: DebianSettings
  signal: AbortSignal
  onStep: OnBuildStep
}) {
  const { dir, signal } = given
  await mkdir(path.dirname(dir), { recursive: true })
  await withFileLock({ file: `${dir}.lock`, signal }, async () => {
    if (await findBuilt(dir)) return
    const folder = randomUUID()
    const made = await buildDebian({ ...given, folder })
    await writeCurrent(dir, { recipe: await computeRecipe(), folder, ...made })
  })
}

async function findBuilt(dir: string): Promise<BuiltImage | undefined> {
  const current = await readCurrent(dir)
  if (!current) return undefined
  const own = (name: string) => path.join(dir, current.folder, name)
  const { diskMiB } = await inspectDisk('debian', own('root.qcow2'))
  return {
    version: current.folder,
    disk: own('root.qcow2'),
    diskMiB,
    backing: [],
    bootFrom: { kernel: own('vmlinuz'), initrd: own('initrd'), arguments: current.arguments },
  }
}

/** Undefined when there is none, somebody took it away, or it was made by another version of this app. */
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
  const packing = await readFile(path.join(import.meta.dirname, 'pack-disk.sh'), 'utf8')
  const all = JSON.stringify([
    RECIPE_VERSION,
    DEBIAN_RELEASE,
    DEBIAN_PACKAGES,
    packing,
    await customizationFingerprint(),
  ])
  return createHash('sha256').update(all).digest('hex').slice(0, 16)
}
