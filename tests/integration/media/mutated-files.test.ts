import { beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { useMediaWorker } from '@/tests/support/media-worker'
import { findTaskFaults } from '@/tests/support/mutated-media/find-task-faults'
import {
  describeMutations,
  type MutatedFile,
  mutateFile,
  planMutations,
} from '@/tests/support/mutated-media/mutate'
import { generateSeeds } from '@/tests/support/mutated-media/seeds'

/** Other files: FUZZ_SEED=7 vitest run --project integration tests/integration/media/mutated-files.test.ts */
const RANDOM_SEED = Number(process.env.FUZZ_SEED ?? 16)
const [SAMPLE_COUNT, COUNT] = [4, 320]
const CONCURRENCY = 6
/** A worker that keeps what it read of each file would exceed it. */
const MAX_GROWTH_BYTES = 120 * 1024 ** 2

const database = useDatabase()
const worker = useMediaWorker(database)
const planned = planMutations({ count: COUNT, randomSeed: RANDOM_SEED })
let files: Awaited<ReturnType<typeof generateSeeds>>
beforeAll(async () => {
  files = await generateSeeds()
})

/** Processes a file and deletes it. Returns what went wrong. */
async function processFile(file: MutatedFile) {
  const videoId = await worker.upload(mutateFile(file, files), file.seed)
  const tasks = await worker.awaitTasks(videoId)
  await worker.deleteVideo(videoId)
  return {
    isAccepted: tasks[0]!.state === 'done',
    faults: findTaskFaults(tasks).map((fault) => `${fault} — ${describeMutations(file)}`),
  }
}

async function processAll(list: MutatedFile[]) {
  const queue = [...list.entries()]
  const faults: string[] = []
  let accepted = 0
  let memoryBytes = 0
  const startedAt = Date.now()
  const processNext = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await processFile(next[1])
      faults.push(...result.faults)
      if (result.isAccepted) accepted++
      if (next[0] === Math.floor(list.length / 4)) memoryBytes = worker.readMemoryBytes()
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, processNext))
  const growthBytes = worker.readMemoryBytes() - memoryBytes
  process.stdout.write(
    `FUZZ_SEED=${RANDOM_SEED}: ${list.length} files, ${accepted} inspected without an error, ${Math.round((Date.now() - startedAt) / 1000)} s, memory of the worker grew by ${Math.round(growthBytes / 1024 ** 2)} MiB\n`,
  )
  expect(faults).toEqual([])
  expect(worker.isAlive()).toBe(true)
  expect(growthBytes).toBeLessThan(MAX_GROWTH_BYTES)
  await worker.expectNothingLeft()
}

it('ends the tasks of mutated files with a result or a true reason', () =>
  processAll(planned.slice(0, SAMPLE_COUNT)))

it(
  'ends the tasks of hundreds of mutated files, and leaves no process, file or memory behind',
  { tags: 'full', timeout: 20 * 60_000 },
  () => processAll(planned.slice(SAMPLE_COUNT)),
)
