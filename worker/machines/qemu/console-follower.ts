import { type FSWatcher, readSync, statSync, truncateSync, watch } from 'node:fs'
import { appendFile, type FileHandle, open, readFile, stat, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { ConsoleChunk, MachineConsole } from '../hypervisor'
import { files } from './machine-folder'
import { connectUnix } from './unix-socket'

const KEPT_BYTES = 4 * 1024 ** 2
const READ_BYTES = 64 * 1024

/**
 * Follows what a machine writes to its console. QEMU keeps the bytes in a file, also while no worker is
 * there; this notes beside it when they came, tells the viewers, and drops the oldest.
 *
 * Beside `console.log` lies `console.log.times`, a line "END MS" for every piece: it ends at byte END and
 * came at MS since 1970. What grew too long is moved to `console.log.old`, with times of its own.
 */
export class ConsoleFollower {
  private readonly viewers = new Set<(bytes: Buffer) => void>()
  private readonly endListeners = new Set<() => void>()
  private readonly log: string
  private watcher?: FSWatcher
  private position = 0
  private isEnded = false
  private reading: Promise<void> = Promise.resolve()
  private keyboard?: Promise<Socket>

  constructor(private readonly folder: string) {
    this.log = `${folder}/${files.consoleLog}`
  }

  async start() {
    const times = await readTimes(this.log)
    this.position = times.at(-1)?.end ?? 0
    // What came while nobody looked is as old as the file's last change.
    const { mtimeMs } = await stat(this.log)
    this.watcher = watch(this.log, { persistent: false }, () => this.look())
    this.watcher.on('error', () => this.end())
    await (this.reading = this.read(mtimeMs))
  }

  private look() {
    this.reading = this.reading.then(() => this.read(Date.now())).catch(() => undefined)
  }

  private async read(atMs: number) {
    const file = await open(this.log, 'r').catch(() => undefined)
    if (!file) return
    try {
      await this.readAll(file, atMs)
      if (this.position > KEPT_BYTES) await this.moveAway(file)
    } finally {
      await file.close()
    }
  }

  private async readAll(file: FileHandle, atMs: number) {
    const { size } = await file.stat()
    if (size < this.position) this.position = 0
    while (this.position < size) {
      const buffer = Buffer.alloc(Math.min(READ_BYTES, size - this.position))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.position)
      if (bytesRead === 0) return
      this.position += bytesRead
      await appendFile(`${this.log}.times`, `${this.position} ${Math.round(atMs)}\n`, { mode: 0o600 })
      for (const tell of this.viewers) tell(buffer.subarray(0, bytesRead))
    }
  }

  /**
   * QEMU appends to the file and keeps it open, so it is emptied rather than replaced. What came while the
   * most of it was copied is read and dropped in one go, so that a flood cannot outrun this.
   */
  private async moveAway(file: FileHandle) {
    const times = await readFile(`${this.log}.times`)
    await writeFile(`${this.log}.old`, await readFile(this.log), { mode: 0o600 })
    const { size } = statSync(this.log)
    const rest = Buffer.alloc(size - this.position)
    readSync(file.fd, rest, 0, rest.length, this.position)
    truncateSync(this.log)
    truncateSync(`${this.log}.old`, this.position)
    this.position = 0
    await appendFile(`${this.log}.old`, rest)
    await writeFile(`${this.log}.old.times`, `${times.toString()}${size} ${Date.now()}\n`, { mode: 0o600 })
    await writeFile(`${this.log}.times`, '')
    if (rest.length > 0) for (const tell of this.viewers) tell(rest)
  }

  view(resize: MachineConsole['resize']): MachineConsole {
    let onData: ((bytes: Buffer) => void) | undefined
    const endListeners: (() => void)[] = []
    const close = () => {
      if (onData) this.viewers.delete(onData)
      for (const listener of endListeners) this.endListeners.delete(listener)
      if (this.viewers.size === 0) this.releaseKeyboard()
    }
    return {
      onData: (listener) => {
        if (onData) this.viewers.delete(onData)
        this.viewers.add((onData = listener))
      },
      onEnd: (listener) => {
        if (this.isEnded) return listener()
        endListeners.push(listener)
        this.endListeners.add(listener)
      },
      write: (bytes) => void this.type(bytes).catch(() => undefined),
      resize,
      close,
    }
  }

  private async type(bytes: Buffer) {
    this.keyboard ??= connectUnix(`${this.folder}/${files.console}`)
    const socket = await this.keyboard.catch((error: unknown) => {
      this.keyboard = undefined
      throw error
    })
    if (socket.listenerCount('close') === 0) {
      // The same bytes as in the file: whoever does not take them makes the guest wait.
      socket.resume()
      socket.on('error', () => undefined)
      socket.once('close', () => (this.keyboard = undefined))
    }
    socket.write(bytes)
  }

  private releaseKeyboard() {
    void this.keyboard?.then((socket) => socket.end()).catch(() => undefined)
    this.keyboard = undefined
  }

  /** The machine has stopped: its viewers are told. */
  end() {
    if (this.isEnded) return
    this.isEnded = true
    this.close()
    for (const tell of this.endListeners) tell()
  }

  close() {
    this.watcher?.close()
    this.releaseKeyboard()
  }
}

/** All that was kept, oldest first. */
export async function readRecording(folder: string): Promise<ConsoleChunk[]> {
  const log = `${folder}/${files.consoleLog}`
  const chunks = [...(await readChunks(`${log}.old`)), ...(await readChunks(log))]
  let bytes = 0
  const from = chunks.findLastIndex((chunk) => (bytes += chunk.bytes.length) > KEPT_BYTES)
  return chunks.slice(from + 1)
}

async function readChunks(log: string): Promise<ConsoleChunk[]> {
  const bytes = await readFile(log).catch(() => Buffer.alloc(0))
  const times = await readTimes(log)
  const chunks = times.map(({ end, ms }, n) => ({
    at: new Date(ms),
    bytes: bytes.subarray(times[n - 1]?.end ?? 0, end),
  }))
  const noted = times.at(-1)?.end ?? 0
  if (noted < bytes.length) {
    const { mtime } = await stat(log)
    chunks.push({ at: mtime, bytes: bytes.subarray(noted) })
  }
  return chunks.filter((chunk) => chunk.bytes.length > 0)
}

async function readTimes(log: string) {
  const text = await readFile(`${log}.times`, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => /^\d+ \d+$/.test(line))
    .map((line) => line.split(' ').map(Number))
    .map(([end, ms]) => ({ end: end!, ms: ms! }))
}
