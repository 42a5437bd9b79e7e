import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, PermanentError } from '@/lib/errors'
import type {
  ConsoleChunk,
  Hypervisor,
  MachineSize,
  MachineSpec,
  Observed,
  OnStage,
  Stage,
} from '@/worker/machines/hypervisor'

interface Guest {
  spec: MachineSpec
  startedAt: Date | null
  reason?: string
  typed: string
  said: EventEmitter<{ data: [Buffer]; end: [] }>
  recording: ConsoleChunk[]
}

const STAGES: Stage[] = ['reserve', 'image', 'disk', 'boot', 'answer']
const BOOT = [
  'Linux version 6.1.0 (stand-in)',
  'virtio_blk virtio1: [vda]',
  'Mounting /dev/vda …',
  'Starting sshd …',
]

/** Machines that are nothing but a prompt, in memory, until there is a better fake. */
export class StandInHypervisor implements Hypervisor {
  readonly name = 'stand-in'
  readonly guests = new Map<string, Guest>()
  readonly snapshots = new Set<string>()
  /** Called at each stage of `create`; what it throws is thrown. */
  onStage: (stage: Stage, id: string) => Promise<void> = () => Promise.resolve()

  constructor(private readonly stageMs = 120) {}

  async describe() {
    const note = 'Nothing really runs here: machines are pretended.'
    return { version: '1', isAccelerated: false, note, problem: null }
  }

  async images() {
    const minimum = { cpus: 1, memoryMiB: 64, diskMiB: 64 }
    const tiny = {
      name: 'tiny',
      label: 'Tiny Linux',
      description: 'A kernel and busybox.',
      minimum,
      problem: null,
    }
    const debian = {
      name: 'debian',
      label: 'Debian 12',
      description: 'A whole Debian with apt and systemd.',
      minimum: { cpus: 1, memoryMiB: 512, diskMiB: 2_048 },
      problem: null,
    }
    return [tiny, debian]
  }

  async prepare() {}

  async create(spec: MachineSpec, on: { signal: AbortSignal; onStage?: OnStage }): Promise<Observed> {
    const isKnown = spec.image.startsWith('snapshot-')
      ? this.snapshots.has(spec.image)
      : (await this.images()).some(({ name }) => name === spec.image)
    if (!isKnown)
      throw new PermanentError({ code: 'machine.image_unknown', message: 'There is no such image.' })
    const guest = this.guests.get(spec.id) ?? this.#make(spec)
    if (!guest.startedAt) await this.#boot(guest, on)
    return this.observe(spec.id)
  }

  async start(id: string, on: { signal: AbortSignal; onStage?: OnStage }) {
    const guest = this.guests.get(id)
    if (!guest) throw new AppError({ code: 'machine.not_running', message: 'It is not there.' })
    if (!guest.startedAt) await this.#boot(guest, on)
    return this.observe(id)
  }

  async stop(id: string) {
    this.kill(id)
    const guest = this.guests.get(id)
    if (guest) guest.reason = undefined
  }

  async destroy(id: string) {
    this.kill(id)
    this.guests.delete(id)
  }

  async observe(id: string): Promise<Observed> {
    const guest = this.guests.get(id)
    if (!guest) return { state: 'absent' }
    if (guest.startedAt) return { state: 'running', startedAt: guest.startedAt }
    return { state: 'stopped', reason: guest.reason }
  }

  list = async () => [...this.guests.keys()]

  async resize(id: string, size: MachineSize) {
    this.guests.get(id)!.spec.size = size
  }

  async snapshot(_id: string, { name }: { name: string }) {
    this.snapshots.add(name)
  }

  async removeSnapshot(name: string) {
    this.snapshots.delete(name)
  }

  async openConsole(id: string) {
    const guest = this.#running(id)
    const listeners: [(bytes: Buffer) => void, () => void][] = []
    return {
      onData: (listener: (bytes: Buffer) => void) => void guest.said.on('data', listener),
      onEnd(listener: () => void) {
        guest.said.on('end', listener)
        listeners.push([() => undefined, listener])
      },
      write: (bytes: Buffer) => this.#type(guest, bytes.toString()),
      resize: () => undefined,
      close: () => listeners.forEach(([, end]) => guest.said.off('end', end)),
    }
  }

  consoleRecording = async (id: string) => this.guests.get(id)?.recording ?? []

  async execute(id: string, on: Parameters<Hypervisor['execute']>[1]) {
    this.#running(id)
    for (const line of on.script.split('\n')) {
      on.signal.throwIfAborted()
      const [, seconds] = /^sleep ([\d.]+)/.exec(line) ?? []
      if (seconds) await delay(Number(seconds) * 1000, undefined, { signal: on.signal })
      const [, code] = /^exit (\d+)/.exec(line) ?? []
      if (code) return { exitCode: Number(code) }
      const said = answer(line)
      if (said) on.onOutput(Buffer.from(`${said}\n`))
    }
    return { exitCode: 0 }
  }

  async usage(id: string) {
    const seconds = (Date.now() - this.#running(id).startedAt!.getTime()) / 1000
    const bytes = Math.round(seconds * 20_000)
    return {
      cpuSeconds: seconds * (0.12 + 0.1 * Math.sin(seconds / 3)),
      memoryBytes: 42_000_000 + 2_000_000 * Math.sin(seconds / 7),
      diskBytes: 30_000_000,
      diskReadBytes: bytes,
      diskWrittenBytes: bytes / 3,
      networkReceivedBytes: 0,
      networkSentBytes: 0,
    }
  }

  connect = async () => new PassThrough()
  close = async () => undefined

  /** As if its process was killed from outside. */
  kill(id: string) {
    const guest = this.guests.get(id)
    if (!guest?.startedAt) return
    guest.startedAt = null
    guest.reason = 'Its process was killed from outside (signal 9).'
    guest.said.emit('end')
  }

  #make(spec: MachineSpec) {
    const guest = {
      spec,
      startedAt: null,
      typed: '',
      said: new EventEmitter() as Guest['said'],
      recording: [],
    }
    guest.said.setMaxListeners(0)
    this.guests.set(spec.id, guest)
    return guest
  }

  async #boot(guest: Guest, on: { signal: AbortSignal; onStage?: OnStage }) {
    for (const stage of STAGES) {
      on.onStage?.(stage)
      await this.onStage(stage, guest.spec.id)
      const line = BOOT[STAGES.indexOf(stage) - 1]
      if (line) this.#say(guest, `[    ${(0.2 * STAGES.indexOf(stage)).toFixed(6)}] ${line}\r\n`)
      await delay(this.stageMs, undefined, { signal: on.signal })
    }
    this.#say(guest, `\r\nWelcome to \u001b[1;36m${guest.spec.hostname}\u001b[0m.\r\n\r\n${PROMPT}`)
    Object.assign(guest, { startedAt: new Date(), reason: undefined })
  }

  #running(id: string) {
    const guest = this.guests.get(id)
    if (guest?.startedAt) return guest
    throw new AppError({ code: 'machine.not_running', message: 'It does not run.' })
  }

  #type(guest: Guest, text: string) {
    for (const key of text) {
      if (key === '\r') {
        const said = answer(guest.typed)
        this.#say(guest, `\r\n${said ? `${said}\r\n` : ''}${PROMPT}`)
        guest.typed = ''
      } else if (key === '\u007f') {
        if (guest.typed) this.#say(guest, '\b \b')
        guest.typed = guest.typed.slice(0, -1)
      } else {
        guest.typed += key
        this.#say(guest, key)
      }
    }
  }

  #say(guest: Guest, text: string) {
    const bytes = Buffer.from(text)
    guest.recording.push({ at: new Date(), bytes })
    guest.said.emit('data', bytes)
  }
}

const PROMPT = '\u001b[32m~\u001b[0m # '

/** Knows `echo` and sums, as much as a shell has to know to be recognised. */
function answer(line: string) {
  const [command, ...words] = line.trim().split(' ')
  if (!command || command.startsWith('#')) return ''
  if (command === 'uname') return 'Linux'
  if (command === 'echo')
    return words.join(' ').replaceAll(/\$\(\((\d+)\*(\d+)\)\)/g, (_, a, b) => `${a * b}`)
  return `sh: ${command}: not found`
}
