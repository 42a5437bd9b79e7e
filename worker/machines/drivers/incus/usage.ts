import type { MachineUsage } from '@/worker/machines/hypervisor'
import type { Cluster } from './cluster'

interface InstanceState {
  cpu: { usage: number }
  memory: { usage: number }
  disk: Record<string, { usage: number }> | null
  network: Record<string, { type: string; counters: { bytes_received: number; bytes_sent: number } }> | null
}

/** Reads the usage of the instance at `path`. Its disk is 0 where the storage does not measure it. */
export async function readUsage(cluster: Cluster, path: string): Promise<MachineUsage> {
  const { cpu, memory, disk, network } = await cluster.request<InstanceState>({ path: `${path}/state` })
  const cards = Object.values(network ?? {}).filter(({ type }) => type !== 'loopback')
  return {
    cpuSeconds: cpu.usage / 1e9,
    memoryBytes: memory.usage,
    diskBytes: Object.values(disk ?? {}).reduce((sum, { usage }) => sum + usage, 0),
    diskReadBytes: 0,
    diskWrittenBytes: 0,
    networkReceivedBytes: cards.reduce((sum, { counters }) => sum + counters.bytes_received, 0),
    networkSentBytes: cards.reduce((sum, { counters }) => sum + counters.bytes_sent, 0),
  }
}
