import { waitUntil } from '@/lib/concurrency/wait-until'
import { sanitizeText } from '@/lib/text/sanitize'
import { readFileSizeBytes } from '@/worker/process/file-size'
import { readTail } from './tail'
import { machineFiles } from '../state/machine-files'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** What the Linux kernel prints on a panic. */
const PANIC_PATTERN = /Kernel panic - not syncing: ?([^\r\n]*)/
const MAX_MESSAGE_LENGTH = 200
const POLL_INTERVAL_MS = 500

interface WatchOptions {
  folder: string
  /** Only output after this size of the log counts. */
  fromBytes: number
  onPanic(): void
}

/** Calls `onPanic` once when the console log shows a kernel panic. */
export function watchForPanic({ folder, fromBytes, onPanic }: WatchOptions) {
  const abort = new AbortController()
  const hasPanicked = async () => PANIC_PATTERN.test(await readConsole(folder, fromBytes))
  void waitUntil(hasPanicked, { intervalMs: POLL_INTERVAL_MS, signal: abort.signal }).then(
    onPanic,
    () => undefined,
  )
  return { stop: () => abort.abort() }
}

/** Describes the panic with the message on the console. Programs in the guest can write there too, so it is sanitized. */
export async function describePanic(folder: string) {
  const text = await readConsole(folder)
  const raw = PANIC_PATTERN.exec(text.slice(text.lastIndexOf('Kernel panic')))?.[1] ?? ''
  const message = sanitizeText(raw.slice(0, MAX_MESSAGE_LENGTH))
  return message ? messages.panicWithReason({ value: message }) : messages.panic()
}

const consoleLogPath = (folder: string) => `${folder}/${machineFiles.consoleLog}`

/** Current size of the console log. */
export const readConsoleSizeBytes = (folder: string) => readFileSizeBytes(consoleLogPath(folder))

const readConsole = (folder: string, fromBytes?: number) =>
  readTail(consoleLogPath(folder), { fromBytes }).then(
    ({ bytes }) => bytes.toString('latin1'),
    () => '',
  )
