import { createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { MeanwhileClient } from '../client/client'
import { sanitizeFilename } from '../lib/text/sanitize'
import type { CliContext } from './command'
import { CliError } from './exit-codes'
import { ProgressBoard } from './progress-board'

interface Options {
  client: MeanwhileClient
  url: string
  /** The file name that the server gives. Only its last segment is used. */
  name: string
  /** Default: `name` in the working directory. `-` is stdout. */
  to: string | undefined
  isReplacing: boolean
}

/**
 * Downloads a file. What has arrived is in FILE.part, which the next run continues; FILE appears when it is complete.
 * @throws {CliError} if FILE exists
 */
export async function downloadFile(context: CliContext, { client, url, name, to, isReplacing }: Options) {
  const { output, signal } = context
  if (to === '-') {
    const response = await client.fetchFile(url, { signal })
    return pipeline(readBody(response), process.stdout, { signal })
  }
  const file = to ?? sanitizeFilename(name)
  const part = `${file}.part`
  if (!isReplacing && (await sizeOf(file)) !== null)
    throw new CliError(`${file} exists. Add --force to replace it.`)
  context.onInterrupt(`Run the same command again to continue ${part}.`)
  const receivedBytes = (await sizeOf(part)) ?? 0
  const range = receivedBytes > 0 ? { range: `bytes=${receivedBytes}-` } : undefined
  const response = await client.fetchFile(url, { signal, headers: range, acceptedStatuses: [416] })
  // Otherwise the part is the whole file already.
  if (response.status !== 416) {
    const start = response.status === 206 ? receivedBytes : 0
    const totalBytes = start + Number(response.headers.get('content-length'))
    const board = new ProgressBoard(output)
    const count = countBytes((bytes) =>
      board.update({
        id: file,
        label: path.basename(file),
        phase: 'downloading',
        progress: (start + bytes) / totalBytes,
      }),
    )
    try {
      const to = createWriteStream(part, { flags: start > 0 ? 'a' : 'w' })
      await pipeline(readBody(response), count, to, { signal })
    } finally {
      board.close()
    }
  }
  await rename(part, file)
  output.result({ file, sizeBytes: await sizeOf(file) }, file)
}

const readBody = ({ body }: Response) => Readable.fromWeb(body as ReadableStream<Uint8Array>)

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  )

function countBytes(onBytes: (bytes: number) => void) {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes((bytes += chunk.length))
      done(null, chunk)
    },
  })
}
