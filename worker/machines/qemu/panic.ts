import { plainText } from '@/lib/plain-text'
import { sizeOf } from '../../size-of'
import { readFileEnd } from './file-end'
import { files } from './machine-folder'

/** The last words of a kernel on the console. */
const PANIC = /Kernel panic - not syncing: ?([^\r\n]*)/
const LONGEST = 200

/** Calls `onPanic` when the console tells of a panic after its byte `from`. */
export function watchForPanic(folder: string, from: number, onPanic: () => void) {
  const clock = setInterval(async () => {
    if (PANIC.test(await readConsole(folder, from))) onPanic()
  }, 500)
  return { stop: () => clearInterval(clock) }
}

/** A sentence with the kernel's words, as far as the console has them. Anybody inside may have written those. */
export async function whyPanicked(folder: string) {
  const text = await readConsole(folder)
  const said = PANIC.exec(text.slice(text.lastIndexOf('Kernel panic')))?.[1] ?? ''
  const words = plainText(said.slice(0, LONGEST))
  return `Its kernel gave up (a kernel panic${words && `: ${words}`}).`
}

const logOf = (folder: string) => `${folder}/${files.consoleLog}`

/** How many bytes the console has said so far. */
export const consoleBytes = (folder: string) => sizeOf(logOf(folder))

const readConsole = (folder: string, from?: number) =>
  readFileEnd(logOf(folder), from).then(
    ({ bytes }) => bytes.toString('latin1'),
    () => '',
  )
