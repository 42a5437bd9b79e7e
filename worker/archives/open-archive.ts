import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import { extract } from 'tar-stream'
import { parseIdentity } from '@/lib/archives/age-keys'
import { AppError, PermanentError } from '@/lib/errors'
import { AGE_MAGIC } from '@/lib/uploads/age-file'
import * as messages from '@/lib/generated/messages/archive-errors'
import { passphraseIdentity } from './passphrase-key'
import { toWebStream } from './to-web-stream'

/** Of the header, which the package reads to its end however long it is. A post-quantum recipient takes 2 kB. */
const MAX_HEADER_BYTES = 64 * 1024
/** The last line of a header. */
const HEADER_END = '\n--- '

export interface ArchiveEntry extends AsyncIterable<Buffer> {
  name: string
  sizeBytes: number
}

export type ArchiveSecret = { passphrase: string } | { identity: string }

/**
 * Decrypts an archive and lists its files while it is read; each must be read before the next one. What has been read is
 * authentic, but the archive is complete only if the list ends without an error.
 * @throws {PermanentError} archive.not_encrypted, .wrong_secret, .too_much_work, .identity_invalid or .damaged;
 *   {AppError} archive.key_failed, and the errors of `data`
 */
export async function* openArchive(
  data: AsyncIterable<Buffer>,
  secret: ArchiveSecret,
): AsyncGenerator<ArchiveEntry> {
  const decrypter = createDecrypter(secret)
  // What fails to be read says nothing about the archive.
  let sourceError: unknown
  const read = async function* () {
    try {
      yield* data
    } catch (error) {
      sourceError = error
      throw error
    }
  }
  const toReadError = (error: unknown) =>
    sourceError ?? (error instanceof AppError ? error : damagedError(messages.damagedOrIncomplete(), error))
  const plain = await decrypter.decrypt(toWebStream(limitHeader(read()))).catch((error: unknown) => {
    throw sourceError ?? toOpenError(error)
  })
  const source = Readable.from(plain, { objectMode: false })
  const tar = extract()
  // Its reader gets the error all the same, unless it has ended.
  tar.on('error', () => undefined)
  source.on('error', (error) => tar.destroy(error))
  source.pipe(tar as unknown as NodeJS.WritableStream)
  try {
    for await (const entry of tar) {
      const { name, size, type } = entry.header
      if (type !== 'file') throw damagedError(messages.notOnlyFiles())
      yield {
        name,
        sizeBytes: size,
        [Symbol.asyncIterator]: () => readEntry(entry as unknown as AsyncIterable<Buffer>, toReadError),
      }
    }
  } catch (error) {
    throw toReadError(error)
  } finally {
    source.destroy()
    tar.destroy()
  }
}

function createDecrypter(secret: ArchiveSecret) {
  if ('identity' in secret) return parseIdentity(secret.identity)
  const decrypter = new Decrypter()
  decrypter.addIdentity(passphraseIdentity(secret.passphrase))
  return decrypter
}

async function* readEntry(entry: AsyncIterable<Buffer>, toReadError: (error: unknown) => unknown) {
  try {
    yield* entry
  } catch (error) {
    throw toReadError(error)
  }
}

/** Passes data on once it begins with a complete header of age. @throws {PermanentError} archive.not_encrypted */
async function* limitHeader(data: AsyncIterable<Buffer>) {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of data) {
    if (!head) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    const isStart = head.subarray(0, AGE_MAGIC.length).equals(AGE_MAGIC.subarray(0, head.length))
    const end = head.indexOf(HEADER_END)
    const isComplete = end >= 0 && head.includes('\n', end + HEADER_END.length)
    if (!isStart || (!isComplete && head.length > MAX_HEADER_BYTES)) throw notEncryptedError()
    if (!isComplete) continue
    yield head
    head = null
  }
  if (head) throw notEncryptedError()
}

function toOpenError(error: unknown) {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : ''
  if (!/no identity matched/.test(message)) return damagedError(messages.headerDamaged(), error)
  return new PermanentError({
    code: 'archive.wrong_secret',
    message: messages.wrongSecret(),
    advice: messages.wrongSecretAdvice(),
  })
}

export const damagedError = (reason: string, cause?: unknown) =>
  new PermanentError({
    code: 'archive.damaged',
    message: messages.damaged({ reason }),
    advice: messages.damagedAdvice(),
    cause,
  })

const notEncryptedError = () =>
  new PermanentError({
    code: 'archive.not_encrypted',
    message: messages.notEncrypted(),
    advice: messages.notEncryptedAdvice(),
  })
