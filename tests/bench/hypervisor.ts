import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { createOverlay } from '@/worker/machines/drivers/qemu/images/qemu-img'
import { buildQemuArgs } from '@/worker/machines/drivers/qemu/lifecycle/qemu-args'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { MachineFolders } from '@/worker/machines/drivers/qemu/state/machine-folders'
import { connectUnixSocket } from '@/worker/machines/drivers/qemu/unix-socket'
import { killProcessGroup } from '@/worker/process/process-group'
import { neverAborted } from '@/tests/support/never-aborted'
import { median, quantile, type Measurement, measureMs } from './measurement'
import { guestFileOf, guestFiles } from '@/worker/machines/drivers/qemu/state/machine-files'

const WARM_ROUNDS = 15
const COLD_ROUNDS = 5
const CONCURRENCY = 10
const TIMEOUT_MS = 90_000
const HOST_ID = 'bench'
const SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 256 }
const signal = neverAborted
const createMachineSpec = (diskMiB = SIZE.diskMiB): MachineSpec => ({
  id: randomUUID(),
  hostname: 'bench',
  image: 'tiny',
  size: { ...SIZE, diskMiB },
  sshKeys: [],
  network: 'none',
})

/**
 * Time from the request until a command typed into the console returns its output: restored from a template, booted
 * without one, and ten concurrently; compared with QEMU started directly with the same kernel and devices.
 */
export async function benchmarkHypervisor(): Promise<Measurement[]> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-bench-'))
  const hypervisor = await QemuHypervisor.open({
    hostId: HOST_ID,
    dataDir,
    isConfined: true,
    answerMs: TIMEOUT_MS,
  })
  const createAndType = async (spec: MachineSpec) => {
    await hypervisor.create(spec, { signal })
    const console = await hypervisor.openConsole(spec.id)
    await waitForCommandOutput(console, async () => {
      const recorded = await hypervisor.readConsoleRecording(spec.id)
      return Buffer.concat(recorded.map(({ bytes }) => bytes))
    })
    console.close()
  }
  try {
    const first = createMachineSpec()
    await createAndType(first)
    await hypervisor.stop(first.id, { graceMs: TIMEOUT_MS, signal })
    const times = { cold: [] as number[], direct: [] as number[], warm: [] as number[] }
    for (let round = 0; round < COLD_ROUNDS; round++) {
      times.direct.push(await bootDirectly(dataDir, first.id))
      // A size without a template.
      const spec = createMachineSpec(SIZE.diskMiB + 1 + round)
      times.cold.push(await measureMs(() => createAndType(spec)))
      await hypervisor.destroy(spec.id)
    }
    await hypervisor.templates.prepare({ image: 'tiny', size: SIZE, signal })
    for (let round = 0; round < WARM_ROUNDS; round++) {
      const spec = createMachineSpec()
      times.warm.push(await measureMs(() => createAndType(spec)))
      await hypervisor.destroy(spec.id)
    }
    const before = process.memoryUsage().rss
    const concurrentMs = await measureMs(() =>
      Promise.all(Array.from({ length: CONCURRENCY }, () => createAndType(createMachineSpec()))),
    )
    const memoryPerMachineMiB = (process.memoryUsage().rss - before) / CONCURRENCY / 1024 ** 2
    const directMs = median(times.direct)
    return [
      { name: 'create → console responds, p50', value: median(times.warm) / 1000, unit: 's', aim: '≤ 1.0' },
      {
        name: 'create → console responds, p95',
        value: quantile(times.warm, 0.95) / 1000,
        unit: 's',
        aim: '≤ 2',
      },
      { name: 'QEMU directly → console responds', value: directMs / 1000, unit: 's' },
      {
        name: 'QEMU directly / from a template',
        value: directMs / median(times.warm),
        unit: 'ratio',
        aim: '≥ 4',
      },
      {
        name: 'without a template / QEMU directly',
        value: median(times.cold) / directMs,
        unit: 'ratio',
        aim: '≤ 1.3',
      },
      {
        name: `${CONCURRENCY} concurrently, all respond`,
        value: concurrentMs / 1000,
        unit: 's',
        aim: '≤ 10',
      },
      {
        name: 'worker memory per idle machine',
        value: Math.max(0, memoryPerMachineMiB),
        unit: 'MB',
        aim: '≤ 20',
      },
    ]
  } finally {
    for (const id of (await hypervisor.observeAll()).keys()) await hypervisor.destroy(id)
    await hypervisor.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Terminal {
  onData(listener: (bytes: Buffer) => void): void
  write(bytes: Buffer): void
}

/**
 * Types a command at the prompt and waits for its output. Earlier output is read after subscribing, so that a prompt
 * printed in between is not missed.
 */
function waitForCommandOutput(terminal: Terminal, readEarlierOutput?: () => Promise<Buffer>) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no command output on the console: ${output}`)),
      TIMEOUT_MS,
    )
    let [output, isTyped] = ['', false]
    const onOutput = (bytes: Buffer) => {
      output += bytes.toString('latin1')
      if (!isTyped && output.includes('# ')) terminal.write(Buffer.from('echo $((6*7))\n'))
      isTyped ||= output.includes('# ')
      if (!/\n42\r/.test(output)) return
      clearTimeout(timer)
      resolve()
    }
    terminal.onData(onOutput)
    readEarlierOutput?.().then(onOutput, reject)
  })
}

/** Boots the disk of a stopped machine in QEMU without the hypervisor driver. Returns milliseconds. */
async function bootDirectly(dataDir: string, id: string) {
  const folders = new MachineFolders(path.join(dataDir, 'machines'), HOST_ID)
  const record = (await folders.read(id))!
  const folder = await mkdtemp(path.join(dataDir, 'direct-'))
  const disk = guestFileOf(folders.path(id), guestFiles.disk)
  await createOverlay({
    disk: path.join(folder, guestFiles.disk),
    backingFile: disk,
    sizeMiB: record.spec.size.diskMiB,
  })
  const backing = [disk, ...record.backing]
  const args = buildQemuArgs({ ...record, backing, guestFolder: folder, consoleLogFd: 3, accelerator: 'tcg' })
  const startedAt = performance.now()
  const log = openSync(path.join(folder, 'console.log'), 'a')
  const child = spawn('qemu-system-x86_64', args, {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', log],
  })
  closeSync(log)
  try {
    const socket = await connectWhenReady(path.join(folder, guestFiles.console))
    await waitForCommandOutput({
      onData: (listener) => void socket.on('data', listener),
      write: (bytes) => void socket.write(bytes),
    })
    socket.destroy()
    return performance.now() - startedAt
  } finally {
    killProcessGroup(child.pid)
    await rm(folder, { recursive: true, force: true })
  }
}

async function connectWhenReady(file: string) {
  for (;;) {
    const socket = await connectUnixSocket(file).catch(() => undefined)
    if (socket) return socket
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
