import { runEvery } from '@/lib/concurrency/run-every'
import { db } from '@/lib/database/db'
import { readEstimatesByOwner } from '@/lib/tasks/forecast/queries'
import type { LiveServer } from './live-server'

const INTERVAL_MS = 2_000

/** Sends connected users the estimates of their unfinished tasks, which change as time passes. @returns an async stop */
export const publishEstimates = (io: LiveServer) =>
  runEvery({
    work: async () => {
      if (io.sockets.sockets.size === 0) return
      const byOwner = await readEstimatesByOwner(db(), [...io.sockets.adapter.rooms.keys()])
      for (const [ownerId, tasks] of byOwner)
        io.to(ownerId).emit('estimates', Object.fromEntries(tasks.map(({ id, estimate }) => [id, estimate])))
    },
    pauseMs: INTERVAL_MS,
    failureMessage: 'could not publish estimates',
  })
