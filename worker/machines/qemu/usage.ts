import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { MachineUsage } from '../hypervisor'
import { trafficOf } from '../network/outbound'
import { files } from './machine-folder'
import { resourcesOf } from './processes'
import { withQmp } from './qmp'

interface BlockStats {
  stats: { rd_bytes: number; wr_bytes: number }
}

const BLOCK_BYTES = 512

/** What a running machine has used since it was started, and what it holds now. */
export async function readUsage(folder: string, id: string): Promise<MachineUsage> {
  const [resources, blocks, disk, network] = await Promise.all([
    resourcesOf(id),
    withQmp(`${folder}/${files.monitor}`, (qmp) => qmp.execute<BlockStats[]>('query-blockstats')),
    stat(path.join(folder, files.disk)),
    trafficOf(id),
  ])
  return {
    ...resources,
    diskBytes: disk.blocks * BLOCK_BYTES,
    diskReadBytes: blocks.reduce((sum, { stats }) => sum + stats.rd_bytes, 0),
    diskWrittenBytes: blocks.reduce((sum, { stats }) => sum + stats.wr_bytes, 0),
    ...network,
  }
}
