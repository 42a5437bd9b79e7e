import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import { SPEECH_MODELS, type SpeechModel } from '@/worker/captions/speech/models'

const FOLDERS = [
  'whisper-base',
  'moonshine-tiny',
  'parakeet-tdt-0.6b-v3',
  'sense-voice',
  'silero-vad',
  'speakers',
]
/** What a server with Whisper base has. */
const BASE_FOLDERS = ['whisper-base', 'silero-vad', 'speakers']
const UNREACHABLE_EXIT_CODE = 3

/** Whisper base with word times: the model that scripts/dev/test-model.mjs creates. */
export const TEST_MODEL: SpeechModel = { ...SPEECH_MODELS.base, hasWordTimes: true }

/**
 * The folder of the real speech models; null, with a printed line, if there are none. The full tests create them, unless
 * the Python package index cannot be reached.
 */
export function findSpeechModels(): string | null {
  if (areModelsCreated()) return testModelDir
  if (!process.env.TEST_FULL) return skip('create it with node scripts/dev/test-model.mjs')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/dev/test-model.mjs'], { encoding: 'utf8' })
  if (status === UNREACHABLE_EXIT_CODE) return skip(stderr.trim())
  if (status !== 0) throw new Error(`The speech model for tests could not be created: ${stderr}`)
  return testModelDir
}

const areModelsCreated = () => FOLDERS.every((folder) => existsSync(path.join(testModelDir, folder)))

function skip(reason: string) {
  process.stderr.write(`Skipped: no speech model for tests in ${testModelDir}: ${reason}\n`)
  return null
}

/** Puts models for tests into the data directory of a server, where they count as downloaded and verified. */
export function installSpeechModels(dataDir: string, folders: readonly string[] = BASE_FOLDERS) {
  for (const folder of folders) installFolder(dataDir, { folder, as: folder })
}

const STAND_IN_FOLDER = 'whisper-small-stand-in'

/** Whether `node scripts/dev/test-model.mjs --size small-stand-in` was run. */
export const hasSmallStandIn = () => existsSync(path.join(testModelDir, STAND_IN_FOLDER))

/** Puts the stand-in for Whisper small, which costs as much time and knows no words, where a server looks for small. */
export const installSmallStandIn = (dataDir: string) =>
  installFolder(dataDir, { folder: STAND_IN_FOLDER, as: SPEECH_MODELS.small.folder })

function installFolder(dataDir: string, { folder, as }: { folder: string; as: string }) {
  const to = path.join(dataDir, 'models', as)
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(path.join(testModelDir, folder))) {
    const file = path.join(to, name)
    linkOrCopy(path.join(testModelDir, folder, name), file)
    const { size, mtimeMs } = statSync(file)
    writeFileSync(`${file}.checked`, `${size} ${mtimeMs}`)
  }
}

function linkOrCopy(from: string, to: string) {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}
