import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { sizeText } from '@/lib/sizes'
import { download, hashFile } from '@/worker/downloads/download'
import type { Model } from './models'

interface Wanted {
  /** Where models are kept. */
  dir: string
  /** Address of the model hub. */
  hub: string
  signal: AbortSignal
  /** Told while it is downloaded: "Downloading the speech model base · 42 of 148 MB". */
  onStage?(stage: string): void
}

const under = new Map<string, Promise<string>>()

/**
 * The path of a model's file, downloaded at first use, and again where it is not what it should be. Several
 * that ask for the same wait for one download; where that one is told to stop, the next goes on with it.
 * @throws {AppError} captions.model_unavailable, or the signal's reason
 */
export async function modelFile(model: Model, wanted: Wanted): Promise<string> {
  const file = path.join(wanted.dir, path.basename(model.path))
  for (;;) {
    const others = under.get(file)
    const running = others ?? find(model, file, wanted).finally(() => under.delete(file))
    under.set(file, running)
    try {
      return await running
    } catch (error) {
      if (!others || error instanceof AppError) throw error
      wanted.signal.throwIfAborted()
    }
  }
}

async function find(model: Model, file: string, { hub, signal, onStage }: Wanted) {
  if (await isRight(model, file)) return file
  await rm(file, { force: true })
  onStage?.(`Downloading the speech model ${model.name} · ${model.size}`)
  try {
    await download({
      url: `${hub.replace(/\/$/, '')}/${model.path}`,
      destination: file,
      checksum: model.checksum,
      signal,
      onProgress: ({ bytes, totalBytes }) =>
        onStage?.(
          `Downloading the speech model ${model.name} · ${sizeText(bytes)}${totalBytes ? ` of ${sizeText(totalBytes)}` : ''}`,
        ),
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const message = `The speech model ${model.name} (${model.size}) is not here yet. ${error.message}`
    throw new AppError({ code: 'captions.model_unavailable', message, status: 503, cause: error })
  }
  await writeStamp(file)
  return file
}

/** Reading gigabytes to compare them takes seconds: done once for a file, until its size or time change. */
async function isRight({ checksum }: Model, file: string) {
  const stamp = await stampOf(file)
  if (!stamp) return false
  if ((await readFile(`${file}.checked`, 'utf8').catch(() => '')) === stamp) return true
  if ((await hashFile(file, checksum.algorithm)) !== checksum.hex) return false
  await writeStamp(file)
  return true
}

const writeStamp = async (file: string) => writeFile(`${file}.checked`, (await stampOf(file)) ?? '')

async function stampOf(file: string) {
  const found = await stat(file).catch(() => null)
  return found && `${found.size} ${found.mtimeMs}`
}

/** Whether a model is here, for whoever only asks. Does not compare it. */
export const hasModelFile = async (model: Model, dir: string) =>
  (await stampOf(path.join(dir, path.basename(model.path)))) !== null
