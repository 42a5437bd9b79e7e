import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { AppError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { downloadFile } from '@/worker/downloads/download-file'
import { hasChecksum } from '@/worker/downloads/checksum'
import type { SpeechModel } from './models'

interface Options {
  /** Directory of the models. */
  dir: string
  /** Base URL of the model hub. */
  hub: string
  signal: AbortSignal
  /** Called with the progress of the download: "Downloading the speech model base · 42 of 148 MB". */
  onStage?(stage: string): void
}

const DOWNLOAD_ATTEMPTS = 3
const downloads = new SingleFlight<string>()

/**
 * Returns the path of a model's file, which is downloaded on first use and after a failed verification. Concurrent
 * calls share one download, which continues until the last caller aborts.
 * @throws {AppError} captions.model_unavailable, or the signal's reason
 */
export async function ensureModelFile(
  model: SpeechModel,
  { dir, hub, signal, onStage }: Options,
): Promise<string> {
  const file = path.join(dir, path.basename(model.path))
  return downloads.run(
    file,
    (shared, report) => findOrDownload(model, file, { dir, hub, signal: shared, onStage: report }),
    { signal, onProgress: onStage },
  )
}

async function findOrDownload(model: SpeechModel, file: string, { hub, signal, onStage }: Options) {
  if (await isVerified(file, { checksum: model.checksum, signal })) return file
  onStage?.(`Downloading the speech model ${model.name} · ${model.size}`)
  try {
    await downloadFile({
      url: `${hub.replace(/\/$/, '')}/${model.path}`,
      destination: file,
      checksum: model.checksum,
      signal,
      maxAttempts: DOWNLOAD_ATTEMPTS,
      onProgress: ({ bytes, totalBytes }) =>
        onStage?.(
          `Downloading the speech model ${model.name} · ${formatBytes(bytes)}${totalBytes ? ` of ${formatBytes(totalBytes)}` : ''}`,
        ),
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const message = `The speech model ${model.name} (${model.size}) is not downloaded yet. ${error.message}`
    throw new AppError({ code: 'captions.model_unavailable', message, status: 503, cause: error })
  }
  await writeStamp(file)
  return file
}

/** Hashing gigabytes takes seconds, so a file is verified again only when its size or modification time changes. */
async function isVerified(file: string, expected: Parameters<typeof hasChecksum>[1]) {
  const stamp = await readStamp(file)
  if (!stamp) return false
  if ((await readFile(`${file}.checked`, 'utf8').catch(() => '')) === stamp) return true
  if (!(await hasChecksum(file, expected))) return false
  await writeStamp(file)
  return true
}

const writeStamp = async (file: string) => writeFile(`${file}.checked`, (await readStamp(file)) ?? '')

async function readStamp(file: string) {
  const stats = await stat(file).catch(() => null)
  return stats && `${stats.size} ${stats.mtimeMs}`
}

/** Whether a model file exists, without verifying it. */
export const hasModelFile = async (model: SpeechModel, dir: string) =>
  (await readStamp(path.join(dir, path.basename(model.path)))) !== null
