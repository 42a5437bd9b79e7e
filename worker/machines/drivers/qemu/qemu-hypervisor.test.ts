import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { QemuHypervisor } from './qemu-hypervisor'
import { MachineFolders } from './state/machine-folders'
import { readStartTicks } from '@/worker/process/process-identity'

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

/** Creates the state of a running machine, as a starting worker finds it. */
async function createRunningMachine() {
  const id = randomUUID()
  const emulator = spawn('sh', ['-c', 'read line', id], { stdio: ['pipe', 'ignore', 'ignore'] })
  emulators.push(emulator)
  const size = { cpus: 1, memoryMiB: 128, diskMiB: 256 }
  await folders.create(id)
  await folders.write(id, {
    spec: { id, hostname: 'running', image: 'tiny', size, sshKeys: [], network: 'none' },
    process: { pid: emulator.pid!, startTicks: (await readStartTicks(emulator.pid!))! },
    isReady: true,
    backing: [],
    bootFrom: 'disk',
  })
  return { id, log: folders.path(id, 'console.log') }
}

it('follows all running machines, even when a console has no log or a huge one', async () => {
  const [first, withoutLog, withHugeLog, second] = [
    await createRunningMachine(),
    await createRunningMachine(),
    await createRunningMachine(),
    await createRunningMachine(),
  ]
  for (const { log } of [first, withHugeLog, second]) await writeFile(log, '')
  await truncate(withHugeLog.log, 3 * 1024 ** 3)
  const driver = await QemuHypervisor.open({ hostId: 'host', dataDir, isConfined: true, answerMs: 1_000 })
  for (const { id, log } of [first, withHugeLog, second]) {
    let output = ''
    const console = await driver.openConsole(id)
    console.onData((bytes) => (output += bytes.toString()))
    await appendFile(log, 'still here')
    await expect.poll(() => output).toBe('still here')
  }
  expect(await driver.observe(withoutLog.id)).toMatchObject({ state: 'running' })
  await driver.close()
})
