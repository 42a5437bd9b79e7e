import { randomUUID } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'

export const SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 256 }

export const specOf = (more: Partial<MachineSpec> = {}): MachineSpec => ({
  id: randomUUID(),
  hostname: 'contract',
  image: 'tiny',
  size: SIZE,
  sshKeys: [],
  network: 'none',
  ...more,
})
