import { readdir, stat } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import path from 'node:path'
import { expect, it } from 'vitest'
import { useQemuFixture } from '@/tests/support/qemu-fixture'

const fixture = useQemuFixture()

it('follows a guest that prints newlines without end on its console and to its agent', async () => {
  const id = await fixture.createMachine()
  const folder = fixture.machineDir(id)
  let received = 0
  const console = await fixture.hypervisor.openConsole(id)
  console.onData((bytes) => void (received += bytes.length))
  const { heapUsed } = process.memoryUsage()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const flood = `for device in ttyS0 hvc0; do (sleep 1; exec yes '' >/dev/$device) & done`
  await fixture.runScript(id, flood)
  await expect.poll(() => received, { timeout: 100_000 }).toBeGreaterThan(512 * 1024)
  delay.disable()
  expect(delay.percentile(99) / 1e6).toBeLessThan(50)
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(64 * 1024 ** 2)
  const logs = (await readdir(folder)).filter((name) => name.includes('log'))
  const sizes = Object.fromEntries(
    await Promise.all(logs.map(async (name) => [name, (await stat(path.join(folder, name))).size] as const)),
  )
  expect(sizes['console.log.times']).toBeLessThan(64 * 1024)
  for (const [name, size] of Object.entries(sizes)) expect(size, name).toBeLessThan(8 * 1024 ** 2)
  console.close()
  await fixture.hypervisor.destroy(id)
})
