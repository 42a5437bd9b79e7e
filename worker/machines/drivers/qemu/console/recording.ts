import { readRegularFile } from '@/lib/storage/regular-file'
import type { ConsoleChunk } from '@/worker/machines/hypervisor'
import { machineFiles } from '../state/machine-files'
import { MAX_TAIL_BYTES, readTail } from './tail'

/** When console output arrived: up to the position `end` in its log, at `ms` milliseconds since 1970. */
interface RecordedTime {
  end: number
  ms: number
}

/** Reads the retained console output, oldest chunk first. */
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

/** The content of a `.times` file. */
export const formatTimes = (times: RecordedTime[]) => times.map(({ end, ms }) => `${end} ${ms}\n`).join('')

/** Reads the recorded times of a log, oldest first; none if there is no regular file. */
export async function readTimes(log: string): Promise<RecordedTime[]> {
  const text = (await readRegularFile(`${log}.times`)) ?? ''
  return text
    .split('\n')
    .filter((line) => /^\d+ \d+$/.test(line))
    .map((line) => line.split(' ').map(Number))
    .map(([end, ms]) => ({ end: end!, ms: ms! }))
}
