import { sanitizeText } from '@/lib/text/sanitize'
import { readFileSizeBytes } from '@/worker/process/file-size'
import { readTail } from './tail'
import { machineFiles } from '../state/machine-folders'

/** The last words of a kernel on the console. */
const PANIC_PATTERN = /Kernel panic - not syncing: ?([^\r\n]*)/
const MAX_MESSAGE_LENGTH = 200

/** Calls `onPanic` when the console tells of a panic after its byte `from`. */
export function watchForPanic(folder: string, from: number, onPanic: () => void) {
  const clock = setInterval(async () => {
    if (PANIC_PATTERN.test(await readConsole(folder, from))) onPanic()
  }, 500)
  return { stop: () => clearInterval(clock) }
}

/** A sentence with the kernel's words, as far as the console has them. Anybody inside may have written those. */
export async function describePanic(folder: string) {
  const text = await readConsole(folder)
  const said = PANIC_PATTERN.exec(text.slice(text.lastIndexOf('Kernel panic')))?.[1] ?? ''
  const words = sanitizeText(said.slice(0, MAX_MESSAGE_LENGTH))
  return `Its kernel gave up (a kernel panic${words && `: ${words}`}).`
}

const consoleLogPath = (folder: string) => `${folder}/${machineFiles.consoleLog}`

/** How many bytes the console has said so far. */
export const readConsoleSizeBytes = (folder: string) => readFileSizeBytes(consoleLogPath(folder))

const readConsole = (folder: string, from?: number) =>
  readTail(consoleLogPath(folder), from).then(
    ({ bytes }) => bytes.toString('latin1'),
    () => '',
  )
