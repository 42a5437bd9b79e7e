import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@/lib/errors'
import { markVerified, modelFile } from './model-files'
import { SPEAKER_MODEL } from '../speakers/model'
import { type Model, SPEECH_MODELS, VAD_MODEL } from './models'

/**
 * Copies a file that was downloaded elsewhere into the folder of its model. Its SHA-256 identifies the model, not its
 * name. Returns the model.
 * @throws {AppError} captions.unknown_model_file
 */
export async function importModelFile(file: string, { dir }: { dir: string }): Promise<Model> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash)
  const sha256 = hash.digest('hex')
  const models: Model[] = [VAD_MODEL, SPEAKER_MODEL, ...Object.values(SPEECH_MODELS)]
  const matches = models.flatMap((model) =>
    Object.entries(model.files)
      .filter(([, expected]) => expected.sha256 === sha256)
      .map(([name]) => ({ model, name })),
  )
  if (matches.length === 0) throw unknownModelFile(file)
  // Whisper models share the file of tokens.
  for (const { model, name } of matches) {
    const destination = modelFile(dir, model, name)
    await mkdir(path.dirname(destination), { recursive: true })
    await copyFile(file, `${destination}.part`)
    await rename(`${destination}.part`, destination)
    await markVerified(destination)
  }
  return matches[0]!.model
}

const unknownModelFile = (file: string) =>
  new AppError({
    code: 'captions.unknown_model_file',
    message: `${path.basename(file)} is not a file of an offered model, or is damaged. npm run models -- list shows the files.`,
    status: 400,
  })
