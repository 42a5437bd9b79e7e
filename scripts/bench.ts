import { writeFileSync } from 'node:fs'
import { startApp } from '@/tests/support/app'
import type { Row } from '@/tests/bench/row'

// `npm run bench [-- PART …]`: what the README promises of speed, measured side by side in one run.
// A table on standard output, the same as JSON in bench.json.
const say = (line: string) => process.stdout.write(`${line}\n`)

/** The whole app on a folder of its own, with an account and a key. */
async function withApp(work: (given: RunningApp) => Promise<Row[]>) {
  const app = await startApp({ LOG_LEVEL: 'warn' })
  try {
    const account = { email: 'bench@example.com', password: 'correct-horse-battery' }
    return await work({ app, url: app.url, key: app.createAccount(account), ...account })
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

const parts: Record<string, () => Promise<Row[]>> = {
  queue: async () => [
    ...(await (await import('@/tests/bench/queue')).run()),
    ...(await (await import('@/tests/bench/order-burst')).run()),
  ],
  lines: async () => (await import('@/tests/bench/lines')).run(),
  live: () => withApp(async (given) => (await import('@/tests/bench/live')).run(given)),
  upload: () => withApp(async (given) => (await import('@/tests/bench/upload')).run(given)),
  ladder: async () => (await import('@/tests/bench/ladder')).run(),
  machines: async () => [
    ...(await (await import('@/tests/bench/machines')).run()),
    ...(await withApp(async (given) => (await import('@/tests/bench/machine-orders')).run(given))),
  ],
  captions: async () => (await import('@/tests/bench/captions')).run(),
  playable: () => withApp(async (given) => (await import('@/tests/bench/first-playable')).run(given)),
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in parts))
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}. Choose from: ${Object.keys(parts).join(', ')}.`)
  process.exit(1)
}
const results: Record<string, Row[]> = {}
for (const [name, run] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  say(`\n${name}`)
  results[name] = await run()
  for (const { value, unit, name: what, aim } of results[name])
    say(`${value.toFixed(2).padStart(12)} ${unit.padEnd(10)} ${what}${aim ? `  (aim ${aim})` : ''}`)
}
writeFileSync('bench.json', `${JSON.stringify(results, null, 2)}\n`)
process.exit()
