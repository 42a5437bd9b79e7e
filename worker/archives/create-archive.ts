import { Readable } from 'node:stream'
import { DAY_MS } from '@/lib/durations'
import { decryptSecret } from '@/lib/accounts/encrypt-secret'
import { listContents } from '@/lib/archives/contents'
import { parseRecipients } from '@/lib/archives/age-keys'
import { createArchiveTask } from '@/lib/archives/tasks'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { AppError, PermanentError } from '@/lib/errors'
import type { Archive } from '@/lib/generated/prisma/client'
import { archiveKeys } from '@/lib/storage/keys'
import { checkStorageQuota } from '@/lib/uploads/storage-quota'
import * as taskMessages from '@/lib/generated/messages/archive-tasks'
import * as messages from '@/lib/generated/messages/archive-errors'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { reserveDisk } from '../runtime/reserve-disk'
import { packFiles } from './pack-files'
import { passphraseRecipient } from './passphrase-key'
import { toWebStream } from './to-web-stream'

type Run = TaskRun<{ archiveId: string }>

/** Encrypts an archive into storage while it is packed, without a copy of its own. A later run starts again. */
export const createArchive: TaskHandler<typeof createArchiveTask> = {
  kind: createArchiveTask,
  async run(run) {
    const { db, storage, config } = run.context
    const { archiveId: id } = run.payload
    const archive = await db.archive.findUnique({ where: { id } })
    if (!archive) throw new PermanentError({ code: 'archive.deleted', message: messages.deleted() })
    const encrypter = await openEncrypter(archive)
    const { files, manifest, sizeBytes } = await reserveSpace(run, archive)
    if (storage.name === 'local') await reserveDisk(run, sizeBytes)
    let writtenBytes = 0
    const report = async function* (data: AsyncIterable<Uint8Array>) {
      for await (const chunk of data) {
        writtenBytes += chunk.length
        const progress = sizeBytes ? Math.min(0.99, writtenBytes / sizeBytes) : 0
        run.report({
          stage: taskMessages.encrypting(),
          progress,
          detail: { receivedBytes: writtenBytes, totalBytes: sizeBytes },
        })
        yield chunk
      }
    }
    const packed = packFiles({ db, storage, manifest, files, signal: run.signal })
    const encrypted = await encrypter.encrypt(toWebStream(packed))
    const data = Readable.from(report(encrypted), { objectMode: false })
    // With a margin for the headers of files and chunks.
    await storage.put(archiveKeys(id).archive, data, { signal: run.signal, sizeBytes: 2 * sizeBytes })
    const expiresAt = new Date(databaseTimeMs() + config.EXPORT_EXPIRES_DAYS * DAY_MS)
    return {
      result: { sizeBytes: writtenBytes, videos: manifest.videos.length },
      store: async (tx) =>
        void (await tx.archive.updateMany({
          where: { id },
          data: { sizeBytes: BigInt(writtenBytes), isComplete: true, expiresAt },
        })),
    }
  },

  async discard({ payload, context }) {
    await context.storage.removeAll(archiveKeys(payload.archiveId).folder)
  },
}

/** @throws {PermanentError} archive.passphrase_removed */
async function openEncrypter({ passphrase, recipients }: Archive) {
  const encrypter = parseRecipients(recipients)
  if (recipients.length > 0) return encrypter
  if (!passphrase)
    throw new PermanentError({
      code: 'archive.passphrase_removed',
      message: messages.passphraseRemoved(),
      advice: messages.createAgain(),
    })
  encrypter.addRecipient(passphraseRecipient(await decryptSecret(passphrase)))
  return encrypter
}

/** What the archive contains now, whose size counts toward the storage of the user while it is created. */
const reserveSpace = async (run: Run, { id, ...archive }: Archive) =>
  run.write(async (tx) => {
    await tx.archive.update({ where: { id }, data: { sizeBytes: 0 } })
    const contents = await listContents(tx, archive)
    const { files, sizeBytes } = contents
    if (files.length === 0)
      throw new PermanentError({ code: 'archive.empty', message: messages.videosDeleted() })
    await checkStorageQuota(tx, { ownerId: archive.ownerId, growthBytes: sizeBytes }).catch(makePermanent)
    await tx.archive.update({ where: { id }, data: { sizeBytes } })
    return contents
  })

function makePermanent(error: unknown): never {
  if (!(error instanceof AppError)) throw error
  throw new PermanentError({ code: error.code, message: error.message })
}
