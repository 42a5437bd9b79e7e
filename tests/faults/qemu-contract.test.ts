import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'

const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-machines-'))
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describeHypervisor('qemu', (hostId) =>
  QemuHypervisor.open({ hostId, dataDir, isConfined: true, answerMs: 90_000 }),
)
