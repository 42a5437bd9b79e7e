import { runEvery } from '@/lib/concurrency/run-every'
import { db } from '@/lib/database/db'
import { readEstimatesByOwner } from '@/lib/tasks/forecast/queries'
import type { LiveServer } from './live-server'

const INTERVAL_MS = 2_000

/**
 * Sends connected users the estimates of their unfinished tasks, which change as time passes, and an empty message once none
 * is left. @returns an async stop
 */
export function publishEstimates(io: LiveServer) {
  let estimated = new Set<string>()
  return runEvery({
    work: async () => {
      if (io.sockets.sockets.size === 0) return
      const byOwner = await readEstimatesByOwner(db(), [...io.sockets.adapter.rooms.keys()])
      for (const ownerId of new Set([...estimated, ...byOwner.keys()])) {
        const tasks = byOwner.get(ownerId) ?? []
        io.to(ownerId).emit('estimates', Object.fromEntries(tasks.map(({ id, estimate }) => [id, estimate])))
      }
      estimated = new Set(byOwner.keys())
    },
    pauseMs: INTERVAL_MS,
    failureMessage: 'could not publish estimates',
  })
}
