import { writeFileSync } from 'node:fs'
import { registerAllTasks } from '@/lib/register-tasks'
import { startApp } from '@/tests/support/app'
import buildApp from '@/tests/support/build-app'
import { createBucket, toEnv } from '@/tests/support/s3-fixture'
import { startS3Service } from '@/tests/support/s3-service'
import type { Measurement } from '@/tests/bench/measurement'

// `npm run bench [-- BENCHMARK …]`: measures the performance targets of the README. Prints a table and writes the same
// values to bench.json.
registerAllTasks()
await buildApp()
const print = (line: string) => process.stdout.write(`${line}\n`)

/** Runs `work` with a separate instance of the app, an account and an API key. */
async function withApp(
  work: (options: RunningApp) => Promise<Measurement[]>,
  env: Record<string, string> = {},
) {
  const app = await startApp({ LOG_LEVEL: 'warn', ...env })
  try {
    const { email, password, key } = await app.createUser('bench@example.com', { isAdmin: true })
    return await work({ app, url: app.url, key, email, password })
  } finally {
    await app.stop()
  }
}

/** Without workers for videos, which would read what was uploaded. */
async function measureS3Upload() {
  const service = await startS3Service()
  if (!service) return []
  const bucket = await createBucket(service)
  try {
    return await withApp(
      async (options) => (await import('@/tests/bench/upload')).benchmarkS3Upload(options, bucket),
      { ...toEnv(bucket), WORKER_QUEUES: 'email' },
    )
  } finally {
    await service.stop()
  }
}

interface RunningApp {
  app: Awaited<ReturnType<typeof startApp>>
  url: string
  key: string
  email: string
  password: string
}

const benchmarks: Record<string, () => Promise<Measurement[]>> = {
  queue: async () => (await import('@/tests/bench/queue')).benchmarkQueue(),
  orders: async () => (await import('@/tests/bench/machine-creation-burst')).benchmarkMachineCreationBurst(),
  'queue-profile': async () => (await import('@/tests/bench/queue-profile')).profileQueue(),
  lines: async () => (await import('@/tests/bench/queue-positions')).benchmarkQueuePositions(),
  search: async () => (await import('@/tests/bench/search')).benchmarkSearch(),
  live: () =>
    withApp(async (options) => (await import('@/tests/bench/live-updates')).benchmarkLiveUpdates(options)),
  soak: async () => (await import('@/tests/bench/soak')).benchmarkSoak(),
  weight: () =>
    withApp(async (options) => (await import('@/tests/bench/page-weight')).benchmarkPageWeight(options)),
  lighthouse: () =>
    withApp(async (options) => (await import('@/tests/bench/lighthouse')).benchmarkLighthouse(options)),
  watchers: async () => (await import('@/tests/bench/watchers')).benchmarkWatchers(),
  requests: () =>
    withApp(async (options) => (await import('@/tests/bench/requests')).benchmarkRequests(options)),
  upload: () => withApp(async (options) => (await import('@/tests/bench/upload')).benchmarkUpload(options)),
  s3: measureS3Upload,
  ladder: async () => (await import('@/tests/bench/ladder')).benchmarkLadder(),
  chunks: async () => [
    ...(await (await import('@/tests/bench/chunks')).benchmarkChunks()),
    ...(await withApp(async (options) =>
      (await import('@/tests/bench/chunk-scheduling')).benchmarkChunkScheduling(options),
    )),
  ],
  cancel: () =>
    withApp(async (options) =>
      (await import('@/tests/bench/cancel')).benchmarkCancel({ ...options, dataDir: options.app.dataDir }),
    ),
  film: () => withApp(async (options) => (await import('@/tests/bench/film')).benchmarkFilm(options)),
  cluster: async () => (await import('@/tests/bench/cluster')).benchmarkCluster(),
  machines: async () => [
    ...(await (await import('@/tests/bench/hypervisor')).benchmarkHypervisor()),
    ...(await (await import('@/tests/bench/incus')).benchmarkIncus()),
    ...(await withApp(async (options) =>
      (await import('@/tests/bench/machine-creation')).benchmarkMachineCreation(options),
    )),
  ],
  promise: async () => (await import('@/tests/bench/promise')).benchmarkPromise(),
  captions: async () => (await import('@/tests/bench/captions')).benchmarkCaptions(),
  'first-cue': async () => (await import('@/tests/bench/captions/first-cue')).benchmarkFirstCue(),
  voices: async () => (await import('@/tests/bench/voices')).benchmarkVoices(),
  speakers: async () => (await import('@/tests/bench/speakers')).benchmarkSpeakers(),
  uploading: () =>
    withApp(async (options) =>
      (await import('@/tests/bench/playable-while-uploading')).benchmarkPlayableWhileUploading(options),
    ),
  playable: () =>
    withApp(async (options) =>
      (await import('@/tests/bench/first-playable')).benchmarkFirstPlayable(options),
    ),
}

const selected = process.argv.slice(2)
const unknown = selected.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  print(`Unknown benchmark: ${unknown.join(', ')}. Available: ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(1)
}
const results: Record<string, Measurement[]> = {}
for (const [name, run] of Object.entries(benchmarks)) {
  if (selected.length > 0 && !selected.includes(name)) continue
  print(`\n${name}`)
  results[name] = await run()
  for (const { value, unit, name: title, aim } of results[name])
    print(`${value.toFixed(2).padStart(12)} ${unit.padEnd(10)} ${title}${aim ? `  (target ${aim})` : ''}`)
}
writeFileSync('bench.json', `${JSON.stringify(results, null, 2)}\n`)
process.exit()
