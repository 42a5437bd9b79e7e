import { once } from 'node:events'
import type { Profiler } from 'node:inspector'
import { waitUntil } from '@/lib/concurrency/wait-until'

const SHOWN = 10
/** Where Node.js opens its inspector on SIGUSR1. */
const INSPECTOR_URL = 'http://127.0.0.1:9229/json/list'
const CONNECT = { intervalMs: 20, timeoutMs: 5_000 }

/**
 * Prints the functions with the highest CPU time of another Node.js process while `work` runs, if BENCH_PROFILE is set: a
 * profiled process is slower.
 */
export async function withCpuProfile<T>(
  { title, pid }: { title: string; pid: number },
  work: () => Promise<T>,
) {
  if (!process.env.BENCH_PROFILE) return work()
  const inspector = await connectInspector(pid)
  try {
    await inspector.post('Profiler.enable')
    await inspector.post('Profiler.start')
    const result = await work()
    const { profile } = await inspector.post<{ profile: Profiler.Profile }>('Profiler.stop')
    printTopFunctions(title, profile)
    return result
  } finally {
    inspector.close()
  }
}

async function connectInspector(pid: number) {
  process.kill(pid, 'SIGUSR1')
  let targets: { webSocketDebuggerUrl: string }[] = []
  await waitUntil(async () => {
    targets = await fetch(INSPECTOR_URL)
      .then((response) => response.json() as Promise<typeof targets>)
      .catch(() => [])
    return targets.length > 0
  }, CONNECT)
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl)
  await once(socket, 'open')
  let lastId = 0
  const pending = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown }
    pending.get(id)?.(result)
    pending.delete(id)
  })
  return {
    post: <T = unknown>(method: string) =>
      new Promise<T>((resolve) => {
        pending.set(++lastId, resolve as (result: unknown) => void)
        socket.send(JSON.stringify({ id: lastId, method }))
      }),
    close: () => socket.close(),
  }
}

/** Prints the functions with the highest self time, in percent of the profiled time without idling. */
export function printTopFunctions(title: string, profile: Profiler.Profile) {
  const lines = topFunctions(profile)
  process.stdout.write(`${[title, ...lines].join('\n  ')}\n`)
}

function topFunctions({ nodes, samples = [] }: Profiler.Profile) {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.replace(/^.*\/(node_modules\/)?/, '')}:${lineNumber + 1}`,
    ]),
  )
  const counts = new Map<string, number>()
  for (const id of samples) counts.set(names.get(id)!, (counts.get(names.get(id)!) ?? 0) + 1)
  const busy = [...counts].filter(([name]) => !/^\((idle|program)\)/.test(name))
  const total = busy.reduce((sum, [, count]) => sum + count, 0)
  return busy
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, SHOWN)
    .map(([name, count]) => `${((100 * count) / total).toFixed(1).padStart(5)} %  ${name}`)
}
