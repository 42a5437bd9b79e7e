import { fstatSync, type FSWatcher, readSync, watch } from 'node:fs'
import { appendFile, type FileHandle, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { APPEND_NO_FOLLOW, openRegularFile } from '@/lib/storage/regular-file'
import type { MachineConsole } from '@/worker/machines/hypervisor'
import { removeIfIrregular, replaceFile, truncateNoFollow } from './log-files'
import { formatTimes, readTimes } from './recording'
import { MAX_TAIL_BYTES, readByteRange } from './tail'
import { connectUnixSocket } from '../unix-socket'
import { guestFileOf, guestFiles, machineFiles } from '../state/machine-files'

const READ_CHUNK_BYTES = 64 * 1024
/** Resolution of the recorded times. */
const MIN_TIME_INTERVAL_MS = 100
/** Beyond it, every second time is dropped. */
const MAX_TIMES = 10_000
const APPEND = { mode: 0o600, flag: APPEND_NO_FOLLOW }
/** Limit on typed bytes that the guest has not read. */
const MAX_INPUT_BACKLOG_BYTES = 1024 ** 2

/**
 * Follows the console log of a machine. QEMU writes the log, also while no worker runs; this records the time of each chunk,
 * passes new bytes to the viewers and rotates the log.
 *
 * `console.log.times` has lines "END MS" for chunks: its end position in `console.log` and the time it arrived, in
 * milliseconds since 1970. Beyond 4 MB the log moves to `console.log.old`, which has its own `.times`. Of output that was
 * written while no worker ran only the last 4 MB are read.
 */
export class ConsoleFollower {
  private readonly viewers = new Set<(bytes: Buffer) => void>()
  private readonly endListeners = new Set<() => void>()
  private readonly logPath: string
  private watcher?: FSWatcher
  private position = 0
  /** The last recorded time, and the number of them in the file. */
  private timed = { atMs: 0, position: 0 }
  private timeCount = 0
  private isEnded = false
  private isReadScheduled = false
  private lastRead: Promise<void> = Promise.resolve()
  private inputSocket?: Promise<Socket>

  constructor(private readonly folder: string) {
    this.logPath = `${folder}/${machineFiles.consoleLog}`
  }

  async start() {
    for (const suffix of ['.times', '.old', '.old.times']) await removeIfIrregular(this.logPath + suffix)
    const times = await readTimes(this.logPath)
    this.position = times.at(-1)?.end ?? 0
    this.timeCount = times.length
    // Output from before the start gets the modification time of the file.
    const { mtimeMs } = await stat(this.logPath)
    this.watcher = watch(this.logPath, { persistent: false }, () => this.scheduleRead())
    this.watcher.on('error', () => this.end())
    this.lastRead = this.read(mtimeMs)
    await this.lastRead.catch((error: unknown) => {
      this.close()
      throw error
    })
  }

  /** Coalesces change events: a booting guest writes hundreds of small chunks. */
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
    const file = await openRegularFile(this.logPath)
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
      const end = Math.min(this.position + READ_CHUNK_BYTES, size)
      const chunk = await readByteRange(file, { start: this.position, end })
      if (chunk.length === 0) return
      this.position += chunk.length
      await this.recordTime(atMs)
      for (const onData of this.viewers) onData(chunk)
    }
  }

  /**
   * Output right after the last recorded time shares the time of what follows it. A guest that prints single bytes, or
   * single bytes over days, would otherwise make a file of times that is larger than the output.
   */
  private async recordTime(atMs: number) {
    const isRecent = Math.abs(atMs - this.timed.atMs) < MIN_TIME_INTERVAL_MS
    if (isRecent && this.position - this.timed.position < READ_CHUNK_BYTES) return
    this.timed = { atMs, position: this.position }
    if (this.timeCount >= MAX_TIMES) await this.thinOutTimes()
    this.timeCount++
    await appendFile(`${this.logPath}.times`, `${this.position} ${Math.round(atMs)}\n`, APPEND)
  }

  private async thinOutTimes() {
    const times = (await readTimes(this.logPath)).slice(-MAX_TIMES).filter((_, n) => n % 2 === 1)
    this.timeCount = times.length
    await replaceFile(`${this.logPath}.times`, formatTimes(times))
  }

  /**
   * QEMU appends to the open file, so the file is truncated instead of replaced. The bytes that arrived during the copy are
   * read synchronously right before the truncation, so that a flood of output cannot outrun it.
   */
  private async rotate(file: FileHandle) {
    const times = await readTimes(this.logPath)
    const start = Math.max(0, this.position - MAX_TAIL_BYTES)
    const retained = await readByteRange(file, { start, end: this.position })
    await replaceFile(`${this.logPath}.old`, retained)
    const { size } = fstatSync(file.fd)
    const from = Math.max(this.position, size - MAX_TAIL_BYTES)
    const rest = Buffer.alloc(size - from)
    readSync(file.fd, rest, 0, rest.length, from)
    truncateNoFollow(this.logPath)
    this.position = 0
    await appendFile(`${this.logPath}.old`, rest, APPEND)
    const moved = times.map(({ end, ms }) => ({ end: end - start, ms })).filter(({ end }) => end > 0)
    const lines = [...moved, { end: retained.length + rest.length, ms: Date.now() }]
    await replaceFile(`${this.logPath}.old.times`, formatTimes(lines))
    await replaceFile(`${this.logPath}.times`, '')
    this.timeCount = 0
    this.timed = { atMs: 0, position: 0 }
    if (rest.length > 0) for (const onData of this.viewers) onData(rest)
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

  /** Drops `bytes` while the guest has more than 1 MiB of input unread. */
  private async sendInput(bytes: Buffer) {
    this.inputSocket ??= connectUnixSocket(guestFileOf(this.folder, guestFiles.console))
    const socket = await this.inputSocket.catch((error: unknown) => {
      this.inputSocket = undefined
      throw error
    })
    if (socket.listenerCount('close') === 0) {
      // The output is read from the log, but an unread socket would block the guest.
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

  /** Closes the follower and notifies the viewers that the machine has stopped. */
  end() {
    if (this.isEnded) return
    this.isEnded = true
    this.close()
    for (const onEnd of this.endListeners) onEnd()
  }

  close() {
    this.watcher?.close()
    this.closeInput()
  }
}
