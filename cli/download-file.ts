import { createHash } from 'node:crypto'
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
 * Downloads a file. What has arrived is in a part beside FILE, which the next run continues; FILE appears when it is complete.
 * @throws {CliError} if FILE exists
 */
export async function downloadFile(context: CliContext, { client, url, name, to, isReplacing }: Options) {
  const { output, signal } = context
  if (to === '-') {
    const response = await client.fetchFile(url, { signal })
    return pipeline(readBody(response), process.stdout, { signal })
  }
  const file = to ?? sanitizeFilename(name)
  if (!isReplacing && (await sizeOf(file)) !== null)
    throw new CliError(`${file} exists. Add --force to replace it.`)
  const { response, part, start } = await requestRest(
    await client.fetchFile(url, { signal }),
    file,
    (headers) => client.fetchFile(url, { signal, headers }),
  )
  context.onInterrupt(`Run the same command again to continue ${part}.`)
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
    const target = createWriteStream(part, { flags: start > 0 ? 'a' : 'w' })
    await pipeline(readBody(response), count, target, { signal })
  } finally {
    board.close()
  }
  await rename(part, file)
  output.result({ file, sizeBytes: await sizeOf(file) }, file)
}

/**
 * The response from where the part of an earlier run ends. A part belongs to one version of one file: another one of the same
 * name has another ETag, and starts again.
 */
async function requestRest(
  whole: Response,
  file: string,
  request: (headers: Record<string, string>) => Promise<Response>,
) {
  const etag = whole.headers.get('etag')
  const part = partOf(file, etag)
  const receivedBytes = (await sizeOf(part)) ?? 0
  const isPart = receivedBytes > 0 && receivedBytes < Number(whole.headers.get('content-length'))
  if (!etag || !isPart) return { response: whole, part, start: 0 }
  await whole.body?.cancel()
  const rest = await request({ range: `bytes=${receivedBytes}-`, 'if-range': etag })
  return { response: rest, part, start: rest.status === 206 ? receivedBytes : 0 }
}

/** Where what has arrived of a version of a file is kept until it is complete. */
export const partOf = (file: string, etag: string | null) =>
  `${file}.${createHash('sha256')
    .update(etag ?? '')
    .digest('hex')
    .slice(0, 8)}.part`

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
