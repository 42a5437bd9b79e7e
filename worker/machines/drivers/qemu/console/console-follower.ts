import { type FSWatcher, readSync, statSync, truncateSync, watch } from 'node:fs'
import { appendFile, type FileHandle, open, readFile, stat, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { ConsoleChunk, MachineConsole } from '@/worker/machines/hypervisor'
import { MAX_TAIL_BYTES, readTail, readByteRange } from './tail'
import { machineFiles } from '../state/machine-folders'
import { connectUnixSocket } from '../unix-socket'

const READ_CHUNK_BYTES = 64 * 1024
/** What is typed waits for the guest to read it, in bytes. */
const MAX_INPUT_BACKLOG_BYTES = 1024 ** 2

/**
 * Follows what a machine writes to its console. QEMU keeps the bytes in a file, also while no worker is
 * there; this notes beside it when they came, tells the viewers, and drops the oldest.
 *
 * Beside `console.log` lies `console.log.times`, a line "END MS" for every piece: it ends at byte END and
 * came at MS since 1970. What grew too long is moved to `console.log.old`, with times of its own. Of what came while no
 * worker was there only the last 4 MB are read, whatever the file has grown to.
 */
export class ConsoleFollower {
  private readonly viewers = new Set<(bytes: Buffer) => void>()
  private readonly endListeners = new Set<() => void>()
  private readonly logPath: string
  private watcher?: FSWatcher
  private position = 0
  private isEnded = false
  private isReadScheduled = false
  private lastRead: Promise<void> = Promise.resolve()
  private inputSocket?: Promise<Socket>

  constructor(private readonly folder: string) {
    this.logPath = `${folder}/${machineFiles.consoleLog}`
  }

  async start() {
    const times = await readTimes(this.logPath)
    this.position = times.at(-1)?.end ?? 0
    // What came while nobody looked is as old as the file's last change.
    const { mtimeMs } = await stat(this.logPath)
    this.watcher = watch(this.logPath, { persistent: false }, () => this.scheduleRead())
    this.watcher.on('error', () => this.end())
    this.lastRead = this.read(mtimeMs)
    await this.lastRead.catch((error: unknown) => {
      this.close()
      throw error
    })
  }

  /** A guest that boots writes hundreds of pieces: those that come while one is read are read together. */
  private scheduleRead() {
    if (this.isReadScheduled) return
    this.isReadScheduled = true
    const read = () => {
      this.isReadScheduled = false
      return this.read(Date.now())
    }
    this.lastRead = this.lastRead.then(read).catch(() => undefined)
  }

  private async read(atMs: number) {
    const file = await open(this.logPath, 'r').catch(() => undefined)
    if (!file) return
    try {
      await this.readAll(file, atMs)
      if (this.position > MAX_TAIL_BYTES) await this.rotate(file)
    } finally {
      await file.close()
    }
  }

  private async readAll(file: FileHandle, atMs: number) {
    const { size } = await file.stat()
    if (size < this.position) this.position = 0
    this.position = Math.max(this.position, size - MAX_TAIL_BYTES)
    while (this.position < size) {
      const piece = await readByteRange(file, this.position, Math.min(this.position + READ_CHUNK_BYTES, size))
      if (piece.length === 0) return
      this.position += piece.length
      await appendFile(`${this.logPath}.times`, `${this.position} ${Math.round(atMs)}\n`, { mode: 0o600 })
      for (const tell of this.viewers) tell(piece)
    }
  }

  /**
   * QEMU appends to the file and keeps it open, so it is emptied rather than replaced. What came while the
   * most of it was copied is read and dropped in one go, so that a flood cannot outrun this.
   */
  private async rotate(file: FileHandle) {
    const times = await readTimes(this.logPath)
    const start = Math.max(0, this.position - MAX_TAIL_BYTES)
    const kept = await readByteRange(file, start, this.position)
    await writeFile(`${this.logPath}.old`, kept, { mode: 0o600 })
    const { size } = statSync(this.logPath)
    const from = Math.max(this.position, size - MAX_TAIL_BYTES)
    const rest = Buffer.alloc(size - from)
    readSync(file.fd, rest, 0, rest.length, from)
    truncateSync(this.logPath)
    this.position = 0
    await appendFile(`${this.logPath}.old`, rest)
    const moved = times.map(({ end, ms }) => ({ end: end - start, ms })).filter(({ end }) => end > 0)
    const lines = [...moved, { end: kept.length + rest.length, ms: Date.now() }]
    await writeFile(`${this.logPath}.old.times`, lines.map(({ end, ms }) => `${end} ${ms}\n`).join(''), {
      mode: 0o600,
    })
    await writeFile(`${this.logPath}.times`, '')
    if (rest.length > 0) for (const tell of this.viewers) tell(rest)
  }

  attachViewer(resize: MachineConsole['resize']): MachineConsole {
    let onData: ((bytes: Buffer) => void) | undefined
    const endListeners: (() => void)[] = []
    const close = () => {
      if (onData) this.viewers.delete(onData)
      for (const listener of endListeners) this.endListeners.delete(listener)
      if (this.viewers.size === 0) this.closeInput()
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
      write: (bytes) => void this.sendInput(bytes).catch(() => undefined),
      resize,
      close,
    }
  }

  /** Dropped as long as the guest leaves more than 1 MiB of what was typed before unread. */
  private async sendInput(bytes: Buffer) {
    this.inputSocket ??= connectUnixSocket(`${this.folder}/${machineFiles.console}`)
    const socket = await this.inputSocket.catch((error: unknown) => {
      this.inputSocket = undefined
      throw error
    })
    if (socket.listenerCount('close') === 0) {
      // The same bytes as in the file: whoever does not take them makes the guest wait.
      socket.resume()
      socket.on('error', () => undefined)
      socket.once('close', () => (this.inputSocket = undefined))
    }
    if (socket.writableLength <= MAX_INPUT_BACKLOG_BYTES) socket.write(bytes)
  }

  private closeInput() {
    void this.inputSocket?.then((socket) => socket.end()).catch(() => undefined)
    this.inputSocket = undefined
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
    this.closeInput()
  }
}

/** All that was kept, oldest first. */
export async function readRecording(folder: string): Promise<ConsoleChunk[]> {
  const log = `${folder}/${machineFiles.consoleLog}`
  const chunks = [...(await readChunks(`${log}.old`)), ...(await readChunks(log))]
  let bytes = 0
  const from = chunks.findLastIndex((chunk) => (bytes += chunk.bytes.length) > MAX_TAIL_BYTES)
  return chunks.slice(from + 1)
}

async function readChunks(log: string): Promise<ConsoleChunk[]> {
  const { bytes, start, end: last, atMs } = await readTail(log)
  const times = await readTimes(log)
  if ((times.at(-1)?.end ?? 0) < last) times.push({ end: last, ms: atMs })
  const at = (position: number) => Math.max(0, position - start)
  return times
    .map(({ end, ms }, n) => ({
      at: new Date(ms),
      bytes: bytes.subarray(at(times[n - 1]?.end ?? 0), at(end)),
    }))
    .filter((chunk) => chunk.bytes.length > 0)
}

async function readTimes(log: string) {
  const text = await readFile(`${log}.times`, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => /^\d+ \d+$/.test(line))
    .map((line) => line.split(' ').map(Number))
    .map(([end, ms]) => ({ end: end!, ms: ms! }))
}
