import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { evalArgs } from './eval-args'

/** Creates a machine from another process whose /etc/resolv.conf names `resolver`. Requires root. */
export async function createMachineWithResolver({
  dataDir,
  spec,
  resolver,
}: {
  dataDir: string
  spec: MachineSpec
  /** Address of the DNS resolver. */
  resolver: string
}) {
  const file = path.join(dataDir, 'resolv.conf')
  await writeFile(file, `nameserver ${resolver}\n`)
  const code = `
    import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
    const driver = await QemuHypervisor.open({ hostId: 'host', dataDir: ${JSON.stringify(dataDir)}, isConfined: true, answerMs: 120_000 })
    await driver.create(${JSON.stringify(spec)}, { signal: new AbortController().signal })
    process.exit(0)`
  const inside = 'mount --bind "$0" "$(readlink -f /etc/resolv.conf)" && exec "$@"'
  const node = [process.execPath, ...evalArgs(code)]
  const worker = spawn('unshare', ['--mount', 'sh', '-c', inside, file, ...node], { stdio: 'inherit' })
  expect(await once(worker, 'exit')).toEqual([0, null])
}
