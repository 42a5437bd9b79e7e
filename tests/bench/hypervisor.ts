import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
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
import { median, quantile, type Measurement, measureMs } from './measurement'
import { machineFiles } from '@/worker/machines/drivers/qemu/state/machine-files'

const WARM_ROUNDS = 15
const COLD_ROUNDS = 5
const CONCURRENCY = 10
const TIMEOUT_MS = 90_000
const SIZE = { cpus: 1, memoryMiB: 128, diskMiB: 256 }
const signal = new AbortController().signal
const createMachineSpec = (diskMiB = SIZE.diskMiB): MachineSpec => ({
  id: randomUUID(),
  hostname: 'bench',
  image: 'tiny',
  size: { ...SIZE, diskMiB },
  sshKeys: [],
  network: 'none',
})

/**
 * From the request to the answer of a command that was typed into the console: restored from a
 * template, without one, ten at once; beside QEMU started by hand with the same kernel and devices.
 */
export async function benchmarkHypervisor(): Promise<Measurement[]> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-bench-'))
  const hypervisor = await QemuHypervisor.open({ dataDir, isConfined: true, answerMs: TIMEOUT_MS })
  const order = async (spec: MachineSpec) => {
    await hypervisor.create(spec, { signal })
    const console = await hypervisor.openConsole(spec.id)
    await waitForAnswer(console, async () => {
      const said = await hypervisor.readConsoleRecording(spec.id)
      return Buffer.concat(said.map(({ bytes }) => bytes))
    })
    console.close()
  }
  try {
    const first = createMachineSpec()
    await order(first)
    await hypervisor.stop(first.id, { graceMs: TIMEOUT_MS, signal })
    const times = { cold: [] as number[], byHand: [] as number[], warm: [] as number[] }
    for (let round = 0; round < COLD_ROUNDS; round++) {
      times.byHand.push(await bootManually(dataDir, first.id))
      // A size that no template was made for.
      const spec = createMachineSpec(SIZE.diskMiB + 1 + round)
      times.cold.push(await measureMs(() => order(spec)))
      await hypervisor.destroy(spec.id)
    }
    await hypervisor.prepareTemplate({ image: 'tiny', size: SIZE, signal })
    for (let round = 0; round < WARM_ROUNDS; round++) {
      const spec = createMachineSpec()
      times.warm.push(await measureMs(() => order(spec)))
      await hypervisor.destroy(spec.id)
    }
    const before = process.memoryUsage().rss
    const atOnce = await measureMs(() =>
      Promise.all(Array.from({ length: CONCURRENCY }, () => order(createMachineSpec()))),
    )
    const perMachine = (process.memoryUsage().rss - before) / CONCURRENCY / 1024 ** 2
    const byHand = median(times.byHand)
    return [
      { name: 'order → console answers, p50', value: median(times.warm) / 1000, unit: 's', aim: '≤ 1.0' },
      {
        name: 'order → console answers, p95',
        value: quantile(times.warm, 0.95) / 1000,
        unit: 's',
        aim: '≤ 2',
      },
      { name: 'QEMU by hand → console answers', value: byHand / 1000, unit: 's' },
      { name: 'by hand / from a template', value: byHand / median(times.warm), unit: 'ratio', aim: '≥ 4' },
      {
        name: 'without a template / by hand',
        value: median(times.cold) / byHand,
        unit: 'ratio',
        aim: '≤ 1.3',
      },
      { name: `${CONCURRENCY} at once, all answer`, value: atOnce / 1000, unit: 's', aim: '≤ 10' },
      { name: 'worker memory per idle machine', value: Math.max(0, perMachine), unit: 'MB', aim: '≤ 20' },
    ]
  } finally {
    for (const id of await hypervisor.list()) await hypervisor.destroy(id)
    await hypervisor.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Terminal {
  onData(listener: (bytes: Buffer) => void): void
  write(bytes: Buffer): void
}

/**
 * Types a sum as soon as there is a prompt, and waits for its result. What was said before is read when the
 * terminal is heard already, so that no prompt falls between the two.
 */
function waitForAnswer(terminal: Terminal, readBefore?: () => Promise<Buffer>) {
  return new Promise<void>((resolve, reject) => {
    const clock = setTimeout(() => reject(new Error(`the console says only: ${heard}`)), TIMEOUT_MS)
    let [heard, isTyped] = ['', false]
    const hear = (bytes: Buffer) => {
      heard += bytes.toString('latin1')
      if (!isTyped && heard.includes('# ')) terminal.write(Buffer.from('echo $((6*7))\n'))
      isTyped ||= heard.includes('# ')
      if (!/\n42\r/.test(heard)) return
      clearTimeout(clock)
      resolve()
    }
    terminal.onData(hear)
    readBefore?.().then(hear, reject)
  })
}

/** The stopped machine's disk, kernel and devices, in a QEMU as one would start it in a shell. */
async function bootManually(dataDir: string, id: string) {
  const folders = new MachineFolders(path.join(dataDir, 'machines'))
  const state = (await folders.read(id))!
  const folder = await mkdtemp(path.join(dataDir, 'by-hand-'))
  const disk = folders.path(id, machineFiles.disk)
  await createOverlay(path.join(folder, machineFiles.disk), disk, state.spec.size.diskMiB)
  const backing = [disk, ...state.backing]
  const args = buildQemuArgs({ ...state, backing, folder, accelerator: 'tcg' })
  const startedAt = performance.now()
  const child = spawn('qemu-system-x86_64', args, { detached: true, stdio: 'ignore' })
  try {
    const socket = await connectWhenReady(path.join(folder, machineFiles.console))
    await waitForAnswer({
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
