import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { AppError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { downloadFile } from '@/worker/downloads/download-file'
import { hasChecksum } from '@/worker/downloads/checksum'
import * as taskMessages from '@/lib/generated/messages/caption-tasks'
import * as messages from '@/lib/generated/messages/caption-errors'
import { type Model, modelSizeBytes } from './models'

interface Options {
  /** Folder of all models. */
  dir: string
  /** Base URL of the model hub. */
  hub: string
  signal: AbortSignal
  /** Called with the progress of the download: "Downloading the speech model base · 42 of 161 MB". */
  onStage?(stage: string): void
}

const DOWNLOAD_ATTEMPTS = 3
/** Each caller describes the progress in its own language. */
const downloads = new SingleFlight<() => string>()

export const modelFile = <Name extends string>(dir: string, model: Model<Name>, name: Name) =>
  path.join(dir, model.folder, name)

/**
 * Downloads the files of a model that do not exist or fail verification. Concurrent calls share one download, which
 * continues until the last caller aborts.
 * @throws {AppError} captions.model_unavailable, or the signal's reason
 */
export const ensureModel = (model: Model, { dir, hub, signal, onStage }: Options): Promise<void> =>
  downloads.run(
    path.join(dir, model.folder),
    (shared, report) => findOrDownload(model, { dir, hub, signal: shared, report }),
    { signal, onProgress: (describe) => onStage?.(describe()) },
  )

interface DownloadOptions extends Omit<Options, 'onStage'> {
  report(describe: () => string): void
}

async function findOrDownload(model: Model, { dir, hub, signal, report }: DownloadOptions) {
  let earlierBytes = 0
  for (const [name, { path: hubPath, sizeBytes, sha256 }] of Object.entries(model.files)) {
    const file = modelFile(dir, model, name)
    const checksum = { algorithm: 'sha256', hex: sha256 } as const
    const offset = earlierBytes
    const reportBytes = (bytes: number) =>
      report(() =>
        taskMessages.downloadingModel({
          title: model.title,
          received: formatBytes(offset + bytes),
          size: formatBytes(modelSizeBytes(model)),
        }),
      )
    if (!(await isVerified(file, { checksum, signal }))) {
      reportBytes(0)
      try {
        await downloadFile({
          url: `${hub.replace(/\/$/, '')}/${hubPath}`,
          destination: file,
          checksum,
          maxBytes: sizeBytes,
          signal,
          maxAttempts: DOWNLOAD_ATTEMPTS,
          onProgress: ({ bytes }) => reportBytes(bytes),
        })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        throw modelUnavailable(model, error)
      }
      await markVerified(file)
    }
    earlierBytes += sizeBytes
  }
}

const modelUnavailable = (model: Model, cause: AppError) =>
  new AppError({
    code: 'captions.model_unavailable',
    message: messages.modelUnavailable({
      title: model.title,
      size: formatBytes(modelSizeBytes(model)),
      problem: cause.message,
    }),
    status: 503,
    cause,
  })

/** Hashing gigabytes takes seconds, so a file is verified again only when its size or modification time changes. */
async function isVerified(file: string, expected: Parameters<typeof hasChecksum>[1]) {
  if (!(await readStamp(file))) return false
  if (await isMarkedVerified(file)) return true
  if (!(await hasChecksum(file, expected))) return false
  await markVerified(file)
  return true
}

async function isMarkedVerified(file: string) {
  const mark = await readFile(`${file}.checked`, 'utf8').catch(() => '')
  return mark !== '' && mark === (await readStamp(file))
}

export const markVerified = async (file: string) =>
  writeFile(`${file}.checked`, (await readStamp(file)) ?? '')

async function readStamp(file: string) {
  const stats = await stat(file).catch(() => null)
  return stats && `${stats.size} ${stats.mtimeMs}`
}

/** Whether all files of a model exist, verified earlier or with their sizes, without verifying checksums now. */
export async function hasModel(model: Model, dir: string) {
  const exist = await Promise.all(
    Object.entries(model.files).map(async ([name, { sizeBytes }]) => {
      const file = modelFile(dir, model, name)
      const stats = await stat(file).catch(() => null)
      return stats?.size === sizeBytes || isMarkedVerified(file)
    }),
  )
  return exist.every(Boolean)
}
