import { randomUUID } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'

export const TEST_SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 256 }

export const createMachineSpec = (more: Partial<MachineSpec> = {}): MachineSpec => ({
  id: randomUUID(),
  hostname: 'contract',
  image: 'tiny',
  size: TEST_SIZE,
  sshKeys: [],
  network: 'none',
  ...more,
})
