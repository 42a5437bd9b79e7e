import { rm } from 'node:fs/promises'
import path from 'node:path'
import { config } from '@/lib/config/config'
import { errorMessage } from '@/lib/errors'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { formatBytes } from '@/lib/text/format-bytes'
import { SPEAKER_MODEL } from '@/worker/captions/speakers/model'
import { ENGINES } from '@/worker/captions/speech/engines'
import { importModelFile } from '@/worker/captions/speech/import-model-file'
import { ensureModel, hasModel } from '@/worker/captions/speech/model-files'
import {
  type Model,
  modelSizeBytes,
  SPEECH_MODELS,
  type SpeechModel,
  VAD_MODEL,
} from '@/worker/captions/speech/models'
import { isComplete, listPresentModels, modelsDir, speedOptions } from '@/worker/captions/speech/select-model'
import { describeSpeed, measureSpeed, readSpeed } from '@/worker/captions/speech/speed'

// `npm run models`: shows, downloads, removes, imports and measures speech models. It may run while the app does.
const USAGE = `Usage:
  models list
  models get NAME
  models remove NAME
  models import FILE…
  models measure [NAME]
Names: ${Object.keys(SPEECH_MODELS).join(', ')}, ${SPEAKER_MODEL.title}`

const MAX_LISTED_LANGUAGES = 25

const settings = config()
const dir = modelsDir(settings)
const stop = new AbortController()
const print = (line: string) => void process.stdout.write(`${line}\n`)
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new Error('Interrupted. Run the command again to continue.')))

try {
  secureDataDir(settings.DATA_DIR)
  await runCommand(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`)
  process.exitCode = 1
}

async function runCommand([command, ...names]: string[]) {
  if (command === 'list' && names.length === 0) return listModels()
  if (command === 'get' && names.length === 1) return downloadModel(names[0]!)
  if (command === 'remove' && names.length === 1) return removeModel(names[0]!)
  if (command === 'import' && names.length > 0) return importModels(names)
  if (command === 'measure' && names.length <= 1) return measureModels(names)
  throw new Error(USAGE)
}

async function listModels() {
  for (const [name, model] of Object.entries(SPEECH_MODELS)) {
    const marks = [
      (await isComplete(model, settings)) ? 'downloaded' : 'not downloaded',
      ...(name === settings.SPEECH_MODEL ? ['in use'] : []),
    ]
    print(`${name.padEnd(20)}  ${formatBytes(modelSizeBytes(model)).padStart(8)}  ${marks.join(', ')}`)
    const speed = await readSpeed(model, speedOptions(settings))
    print(`  ${describeModel(model)} · ${describeSpeed(speed)}`)
    for (const line of listFiles(model)) print(line)
  }
  print(`All models of speech also need ${VAD_MODEL.title}:`)
  for (const line of listFiles(VAD_MODEL)) print(line)
  const mark = (await hasModel(SPEAKER_MODEL, dir)) ? 'downloaded' : 'not downloaded'
  print(`Identifying speakers, an option of captions, needs ${SPEAKER_MODEL.title} (${mark}):`)
  for (const line of listFiles(SPEAKER_MODEL)) print(line)
}

function describeModel({ engine, languages, canTranslate, hasWordTimes, wordErrorRate }: SpeechModel) {
  return [
    ENGINES[engine].title,
    languages.length > MAX_LISTED_LANGUAGES ? `${languages.length} languages` : languages.join(' '),
    canTranslate ? 'translates to English' : 'cannot translate',
    hasWordTimes ? 'times of words' : 'times of phrases',
    ...(wordErrorRate
      ? [
          `word error rate ${wordErrorRate.percent.toFixed(1)} % (${wordErrorRate.test}, ${wordErrorRate.source})`,
        ]
      : []),
  ].join(' · ')
}

function listFiles({ files }: Model) {
  return Object.values(files).map(({ path: file }) => `  ${settings.MODEL_HUB}/${file}`)
}

async function downloadModel(name: string) {
  let printed = ''
  const onStage = (stage: string) => {
    if (stage !== printed) print((printed = stage))
  }
  const wanted = findModel(name)
  for (const model of wanted === SPEAKER_MODEL ? [wanted] : [wanted, VAD_MODEL])
    await ensureModel(model, { dir, hub: settings.MODEL_HUB, signal: stop.signal, onStage })
  print(`The speech model ${name} is ready.`)
}

async function removeModel(name: string) {
  await rm(path.join(dir, findModel(name).folder), { recursive: true, force: true })
  print(`Removed the speech model ${name}.`)
}

async function importModels(files: readonly string[]) {
  for (const file of files) {
    const model = await importModelFile(file, { dir })
    print(`Imported ${path.basename(file)} (${model.title}).`)
  }
  const model = SPEECH_MODELS[settings.SPEECH_MODEL === 'auto' ? 'base' : settings.SPEECH_MODEL]
  if (await isComplete(model, settings)) print(`The speech model ${model.title} is ready.`)
  else print(`The speech model ${model.title} (SPEECH_MODEL) still lacks files: npm run models -- list`)
}

async function measureModels([name]: readonly string[]) {
  const present = await listPresentModels(settings)
  const models = name ? present.filter(({ title }) => title === name) : present
  if (models.length === 0)
    throw new Error(name ? `${name} is not downloaded.` : 'No speech model is downloaded.')
  for (const model of models) {
    const speed = await measureSpeed(model, { ...speedOptions(settings), signal: stop.signal })
    print(`${model.title}: ${describeSpeed(speed)} (${settings.CAPTION_THREADS} threads)`)
  }
}

function findModel(name: string) {
  const models: Record<string, Model> = { ...SPEECH_MODELS, [SPEAKER_MODEL.title]: SPEAKER_MODEL }
  if (Object.hasOwn(models, name)) return models[name]!
  throw new Error(`There is no speech model ${name}. The models are ${Object.keys(models).join(', ')}.`)
}
