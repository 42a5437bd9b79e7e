import type { Db } from '../database/db'
import type { Machine } from '../generated/prisma/client'
import { provisionMachineTask } from './tasks'

/** Label of the image stage in results stored before they had `imageSeconds`. */
const LEGACY_IMAGE_LABEL = 'Preparing the image'

interface ProvisionResult {
  seconds?: number
  /** Time spent on building the image, which only the first machine with an image does. */
  imageSeconds?: number
  stages?: { name: string; seconds: number | null }[]
}

/** Median provisioning time of the last machines with this image and size, in seconds; null if there are none. */
export async function estimateProvisionSeconds(
  db: Db,
  { image, sizeName }: Pick<Machine, 'image' | 'sizeName'>,
) {
  const done = { kind: provisionMachineTask.name, state: 'done' } as const
  // Starts from machines, which are few, instead of scanning all tasks.
  const machines = await db.machine.findMany({
    where: { image, sizeName, tasks: { some: done } },
    orderBy: { id: 'desc' },
    take: 15,
    select: { tasks: { where: done, select: { result: true } } },
  })
  const results = machines.flatMap(({ tasks }) => tasks).map(({ result }) => result as ProvisionResult | null)
  const seconds = results.flatMap(secondsWithoutImage).sort((a, b) => a - b)
  return seconds[Math.floor(seconds.length / 2)] ?? null
}

/** Provisioning time without the image build; empty for a result without times. */
export function secondsWithoutImage(result: ProvisionResult | null) {
  if (result?.seconds === undefined) return []
  const imageSeconds = result.imageSeconds ?? readLegacyImageSeconds(result)
  return [result.seconds - imageSeconds]
}

const readLegacyImageSeconds = ({ stages }: ProvisionResult) =>
  stages?.find(({ name }) => name === LEGACY_IMAGE_LABEL)?.seconds ?? 0
