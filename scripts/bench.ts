import { writeFileSync } from 'node:fs'
import { registerAllTasks } from '@/lib/register-tasks'
import { startApp } from '@/tests/support/app'
import type { Measurement } from '@/tests/bench/measurement'

// `npm run bench [-- PART …]`: what the README promises of speed, measured side by side in one run.
// A table on standard output, the same as JSON in bench.json.
registerAllTasks()
const print = (line: string) => process.stdout.write(`${line}\n`)

/** The whole app on a folder of its own, with an account and a key. */
async function withApp(work: (given: RunningApp) => Promise<Measurement[]>) {
  const app = await startApp({ LOG_LEVEL: 'warn' })
  try {
    const { email, password, key } = await app.createUser('bench@example.com', { isAdmin: true })
    return await work({ app, url: app.url, key, email, password })
  } finally {
    await app.stop()
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
  queue: async () => [
    ...(await (await import('@/tests/bench/queue')).benchmarkQueue()),
    ...(await (await import('@/tests/bench/machine-creation-burst')).benchmarkMachineCreationBurst()),
  ],
  lines: async () => (await import('@/tests/bench/queue-positions')).benchmarkQueuePositions(),
  live: () =>
    withApp(async (given) => (await import('@/tests/bench/live-updates')).benchmarkLiveUpdates(given)),
  upload: () => withApp(async (given) => (await import('@/tests/bench/upload')).benchmarkUpload(given)),
  ladder: async () => (await import('@/tests/bench/ladder')).benchmarkLadder(),
  machines: async () => [
    ...(await (await import('@/tests/bench/hypervisor')).benchmarkHypervisor()),
    ...(await withApp(async (given) =>
      (await import('@/tests/bench/machine-creation')).benchmarkMachineCreation(given),
    )),
  ],
  captions: async () => (await import('@/tests/bench/captions')).benchmarkCaptions(),
  playable: () =>
    withApp(async (given) => (await import('@/tests/bench/first-playable')).benchmarkFirstPlayable(given)),
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  print(`There is no ${unknown.join(', ')}. Choose from: ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(1)
}
const results: Record<string, Measurement[]> = {}
for (const [name, run] of Object.entries(benchmarks)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  print(`\n${name}`)
  results[name] = await run()
  for (const { value, unit, name: what, aim } of results[name])
    print(`${value.toFixed(2).padStart(12)} ${unit.padEnd(10)} ${what}${aim ? `  (aim ${aim})` : ''}`)
}
writeFileSync('bench.json', `${JSON.stringify(results, null, 2)}\n`)
process.exit()
