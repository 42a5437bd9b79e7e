import type { Hash } from 'node:crypto'

/** Passes the bytes on and hashes them. */
export async function* hashWhileReading(source: AsyncIterable<Buffer>, hash: Hash | null) {
  for await (const chunk of source) {
    hash?.update(chunk)
    yield chunk
  }
}
