import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { QemuHypervisor } from '@/worker/machines/qemu/driver'
import { hypervisorContract } from '@/tests/integration/machines/hypervisor-contract'

const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-machines-'))
afterAll(() => rm(dataDir, { recursive: true, force: true }))

hypervisorContract('qemu', () => QemuHypervisor.open({ dataDir, isConfined: true, answerMs: 90_000 }))
