import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Writes `data` to the pipe of a program. A program that ends early is no error: its exit reports why. */
export async function feedPipe(data: AsyncIterable<Buffer>, pipe: Writable) {
  try {
    await pipeline(Readable.from(data), pipe)
  } catch (error) {
    if (!pipe.destroyed || (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}
