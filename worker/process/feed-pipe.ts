import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Writes `data` to the pipe of a program. A program that stops reading is no error: its exit reports why.
 * @throws what reading `data` throws
 */
export async function feedPipe(data: AsyncIterable<Buffer>, pipe: Writable) {
  let readError: { cause: unknown } | undefined
  async function* read() {
    const iterator = data[Symbol.asyncIterator]()
    try {
      for (;;) {
        // An error of the pipe is thrown at the `yield`.
        const result = await iterator.next().catch((cause: unknown) => {
          readError = { cause }
          throw cause
        })
        if (result.done) return
        yield result.value
      }
    } finally {
      await iterator.return?.()
    }
  }
  await pipeline(Readable.from(read()), pipe).catch(() => undefined)
  if (readError) throw readError.cause
}
