import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { QemuHypervisor } from './qemu-hypervisor'
import { MachineFolders } from './state/machine-folders'
import { readStartTicks } from './state/processes'

let dataDir: string
let folders: MachineFolders
const emulators: ChildProcess[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-driver-'))
  folders = new MachineFolders(path.join(dataDir, 'machines'))
})
afterEach(async () => {
  for (const emulator of emulators.splice(0)) emulator.kill()
  await rm(dataDir, { recursive: true })
})

/** A machine as it is found by a worker that starts; its emulator only waits. */
async function leaveRunning() {
  const id = randomUUID()
  const emulator = spawn('sh', ['-c', 'read ending', id], { stdio: ['pipe', 'ignore', 'ignore'] })
  emulators.push(emulator)
  const size = { cpus: 1, memoryMiB: 128, diskMiB: 256 }
  await folders.create(id)
  await folders.write(id, {
    spec: { id, hostname: 'left', image: 'tiny', size, sshKeys: [], network: 'none' },
    process: { pid: emulator.pid!, startTicks: (await readStartTicks(emulator.pid!))! },
    isReady: true,
    backing: [],
    bootFrom: 'disk',
  })
  return { id, log: folders.path(id, 'console.log') }
}

it('takes up all machines that run, also beside one whose console cannot be followed, or is endless', async () => {
  const [one, unfollowed, endless, two] = [
    await leaveRunning(),
    await leaveRunning(),
    await leaveRunning(),
    await leaveRunning(),
  ]
  for (const { log } of [one, endless, two]) await writeFile(log, '')
  await truncate(endless.log, 3 * 1024 ** 3)
  const driver = await QemuHypervisor.open({ dataDir, isConfined: true, answerMs: 1_000 })
  for (const { id, log } of [one, endless, two]) {
    let heard = ''
    const console = await driver.openConsole(id)
    console.onData((bytes) => (heard += bytes.toString()))
    await appendFile(log, 'still here')
    await expect.poll(() => heard).toBe('still here')
  }
  expect(await driver.observe(unfollowed.id)).toMatchObject({ state: 'running' })
  await driver.close()
})
