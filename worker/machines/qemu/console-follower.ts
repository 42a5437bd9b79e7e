import { type FSWatcher, readSync, statSync, truncateSync, watch } from 'node:fs'
import { appendFile, type FileHandle, open, readFile, stat, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { ConsoleChunk, MachineConsole } from '../hypervisor'
import { KEPT_BYTES, readFileEnd, readSpan } from './file-end'
import { files } from './machine-folder'
import { connectUnix } from './unix-socket'

const READ_BYTES = 64 * 1024
/** What is typed waits for the guest to read it, in bytes. */
const LONGEST_BACKLOG = 1024 ** 2

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
  private readonly log: string
  private watcher?: FSWatcher
  private position = 0
  private isEnded = false
  private isAsked = false
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
    this.reading = this.read(mtimeMs)
    await this.reading.catch((error: unknown) => {
      this.close()
      throw error
    })
  }

  /** A guest that boots writes hundreds of pieces: those that come while one is read are read together. */
  private look() {
    if (this.isAsked) return
    this.isAsked = true
    const read = () => {
      this.isAsked = false
      return this.read(Date.now())
    }
    this.reading = this.reading.then(read).catch(() => undefined)
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
    this.position = Math.max(this.position, size - KEPT_BYTES)
    while (this.position < size) {
      const piece = await readSpan(file, this.position, Math.min(this.position + READ_BYTES, size))
      if (piece.length === 0) return
      this.position += piece.length
      await appendFile(`${this.log}.times`, `${this.position} ${Math.round(atMs)}\n`, { mode: 0o600 })
      for (const tell of this.viewers) tell(piece)
    }
  }

  /**
   * QEMU appends to the file and keeps it open, so it is emptied rather than replaced. What came while the
   * most of it was copied is read and dropped in one go, so that a flood cannot outrun this.
   */
  private async moveAway(file: FileHandle) {
    const times = await readTimes(this.log)
    const start = Math.max(0, this.position - KEPT_BYTES)
    const kept = await readSpan(file, start, this.position)
    await writeFile(`${this.log}.old`, kept, { mode: 0o600 })
    const { size } = statSync(this.log)
    const from = Math.max(this.position, size - KEPT_BYTES)
    const rest = Buffer.alloc(size - from)
    readSync(file.fd, rest, 0, rest.length, from)
    truncateSync(this.log)
    this.position = 0
    await appendFile(`${this.log}.old`, rest)
    const moved = times.map(({ end, ms }) => ({ end: end - start, ms })).filter(({ end }) => end > 0)
    const lines = [...moved, { end: kept.length + rest.length, ms: Date.now() }]
    await writeFile(`${this.log}.old.times`, lines.map(({ end, ms }) => `${end} ${ms}\n`).join(''), {
      mode: 0o600,
    })
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

  /** Dropped as long as the guest leaves more than 1 MiB of what was typed before unread. */
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
    if (socket.writableLength <= LONGEST_BACKLOG) socket.write(bytes)
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
  const { bytes, start, end: last, atMs } = await readFileEnd(log)
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
