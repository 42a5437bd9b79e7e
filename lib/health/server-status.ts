import { databaseTimeMs } from '../cluster/database-clock'
import { DAY_MS } from '../durations'
import { listProcesses } from '../cluster/queries'
import { kindLabel } from '../tasks/registry'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { readHealth } from './queries'
import { parseHostFacts } from '../machines/hosts'
import { readFreeDiskBytes } from '../storage/free-disk'

/** Reads the summary on the administrator's start page. Sizes are in bytes. */
export async function readServerStatus(db: Db) {
  const { DATA_DIR, DISK_RESERVE_BYTES } = config()
  const since = new Date(databaseTimeMs() - DAY_MS)
  const [health, processes, states, failedToday, videos, users, freeBytes, hosts, machines] =
    await Promise.all([
      readHealth(db),
      listProcesses(db, kindLabel),
      db.task.groupBy({
        by: ['state'],
        _count: true,
        where: { state: { in: ['queued', 'in_progress'] }, partOfId: null },
      }),
      db.task.count({
        // Without refused files, which are mistakes of users: no attempt has failed.
        where: { state: 'failed', finishedAt: { gt: since }, partOfId: null, maxAttempts: { gt: 0 } },
      }),
      db.video.aggregate({ _count: true, _sum: { sizeBytes: true } }),
      db.user.count(),
      readFreeDiskBytes(DATA_DIR),
      db.machineHost.findMany({ orderBy: { name: 'asc' } }),
      db.machine.groupBy({ by: ['hostId', 'state'], _count: true, where: { state: { not: 'terminated' } } }),
    ])
  const inState = (state: 'queued' | 'in_progress') => states.find((row) => row.state === state)?._count ?? 0
  return {
    ...health,
    processes,
    tasks: { queued: inState('queued'), inProgress: inState('in_progress'), failedToday },
    videos: { count: videos._count, sourceBytes: Number(videos._sum.sizeBytes ?? 0n) },
    users,
    hosts: hosts.map((host) => ({
      id: host.id,
      name: host.name,
      seenAt: host.seenAt.toISOString(),
      ...parseHostFacts(host),
      machines: machines
        .filter(({ hostId }) => hostId === host.id)
        .reduce((sum, { _count }) => sum + _count, 0),
    })),
    machines: machines.reduce((sum, { _count }) => sum + _count, 0),
    disk: { freeBytes, reserveBytes: DISK_RESERVE_BYTES },
  }
}
