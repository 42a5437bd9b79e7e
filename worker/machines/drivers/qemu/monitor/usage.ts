import { lstat } from 'node:fs/promises'
import type { MachineUsage } from '@/worker/machines/hypervisor'
import { readTraffic } from '../network/outbound'
import { readResourceUsage } from '../state/processes'
import { withQmp } from './qmp'
import { guestFileOf, guestFiles } from '../state/machine-files'

interface BlockStats {
  stats: { rd_bytes: number; wr_bytes: number }
}

const BLOCK_BYTES = 512

/** Reads resource usage: counters since the machine was started, and its current memory and disk space. */
export async function readQemuUsage(folder: string, id: string): Promise<MachineUsage> {
  const [resources, blocks, disk, network] = await Promise.all([
    readResourceUsage(id),
    withQmp({ path: guestFileOf(folder, guestFiles.monitor) }, (qmp) =>
      qmp.execute<BlockStats[]>('query-blockstats'),
    ),
    lstat(guestFileOf(folder, guestFiles.disk)),
    readTraffic(id),
  ])
  return {
    ...resources,
    diskBytes: disk.blocks * BLOCK_BYTES,
    diskReadBytes: blocks.reduce((sum, { stats }) => sum + stats.rd_bytes, 0),
    diskWrittenBytes: blocks.reduce((sum, { stats }) => sum + stats.wr_bytes, 0),
    ...network,
  }
}
