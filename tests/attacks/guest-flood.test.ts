import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { useQemuFixture } from '@/tests/support/qemu-fixture'

const fixture = useQemuFixture()

/**
 * Measures the longest time in milliseconds that this thread computes between two turns of its event loop. Counts CPU time,
 * to which other load of this computer does not contribute.
 */
function measureLongestTurn() {
  let longestMs = 0
  let last = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    last = process.threadCpuUsage()
  })
  return () => {
    clearInterval(timer)
    return longestMs
  }
}

it('follows a guest that prints newlines without end on its console and to its agent', async () => {
  const id = await fixture.createMachine()
  let received = 0
  const console = await fixture.hypervisor.openConsole(id)
  console.onData((bytes) => void (received += bytes.length))
  const { heapUsed } = process.memoryUsage()
  const endMeasurement = measureLongestTurn()
  const startedAt = Date.now()
  const timesFile = path.join(fixture.machineDir(id), 'console.log.times')
  const countTimes = async () => (await readFile(timesFile, 'utf8')).split('\n').length
  const timesBefore = await countTimes()
  const flood = `for device in ttyS0 hvc0; do (sleep 1; exec yes '' >/dev/$device) & done`
  await fixture.runScript(id, flood)
  await expect.poll(() => received, { timeout: 100_000 }).toBeGreaterThan(64 * 1024)
  expect(endMeasurement()).toBeLessThan(50)
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(64 * 1024 ** 2)
  const times = await countTimes()
  // One in each tenth of a second.
  expect(times).toBeLessThanOrEqual(timesBefore + 2 + (Date.now() - startedAt) / 100)
  console.close()
  await fixture.hypervisor.destroy(id)
})
