// Over 200 lines because it is the table of all speech models.

import type { Config } from '@/lib/config/config'
import type { EngineName } from './engines'
import { PARAKEET_LANGUAGES, WHISPER_LANGUAGES } from './languages'

interface ModelFile {
  /** Relative to the URL of the hub; names a commit. */
  path: string
  sizeBytes: number
  sha256: string
}

/** Files that are downloaded together into one folder. */
export interface Model<Name extends string = string> {
  /** Display name. */
  title: string
  /** Folder below the folder of models. */
  folder: string
  /** By the name that the file gets in the folder. */
  files: Record<Name, ModelFile>
}

export interface SpeechModel extends Model {
  engine: EngineName
  /** BCP 47. */
  languages: readonly string[]
  canTranslate: boolean
  hasWordTimes: boolean
  /** As published by its authors; null if they published none. */
  wordErrorRate: { percent: number; test: string; source: string } | null
}

export type SpeechModelName = Exclude<Config['SPEECH_MODEL'], 'auto'>

/** A file of a repository: its path there, size and SHA-256. */
type HubFile = [path: string, sizeBytes: number, sha256: string]

function filesOf<Name extends string>(repository: string, commit: string, files: Record<Name, HubFile>) {
  const entries = Object.entries<HubFile>(files).map(([name, [file, sizeBytes, sha256]]) => [
    name,
    { path: `${repository}/resolve/${commit}/${file}`, sizeBytes, sha256 },
  ])
  return Object.fromEntries(entries) as Record<Name, ModelFile>
}

interface WhisperExport {
  repository: string
  commit: string
  /** Prefix of its file names. */
  prefix: string
  encoder: [sizeBytes: number, sha256: string]
  decoder: [sizeBytes: number, sha256: string]
}

/** The same for all multilingual models. */
const WHISPER_TOKENS = [816_730, 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126'] as const

const whisperModel = (
  title: string,
  { repository, commit, prefix, encoder, decoder }: WhisperExport,
  properties: Partial<Pick<SpeechModel, 'canTranslate' | 'hasWordTimes' | 'wordErrorRate'>> = {},
): SpeechModel => ({
  title,
  engine: 'whisper',
  folder: `whisper-${title}`,
  files: filesOf(repository, commit, {
    'encoder.int8.onnx': [`${prefix}-encoder.int8.onnx`, ...encoder],
    'decoder.int8.onnx': [`${prefix}-decoder.int8.onnx`, ...decoder],
    'tokens.txt': [`${prefix}-tokens.txt`, ...WHISPER_TOKENS],
  }),
  languages: WHISPER_LANGUAGES,
  canTranslate: true,
  hasWordTimes: false,
  wordErrorRate: null,
  ...properties,
})

const onLibriSpeech = (percent: number, source: string) => ({
  percent,
  test: 'LibriSpeech test-clean',
  source,
})

/**
 * The models in the order of their accuracy, in 8 bits, exported for sherpa-onnx. The hub states the SHA-256 of each file
 * at its commit; several public projects pin the same values. Of Whisper, only the export of small includes the
 * cross-attention that word times are derived from.
 */
export const SPEECH_MODELS: Record<SpeechModelName, SpeechModel> = {
  tiny: whisperModel(
    'tiny',
    {
      repository: 'csukuangfj/sherpa-onnx-whisper-tiny',
      commit: '65176e2deb88badc814a94058666cadccc29b61c',
      prefix: 'tiny',
      encoder: [12_937_772, 'd24fb083ae3b1041fc24e97971d60e280c9342201fbb67b0ab428a8b4a51a434'],
      decoder: [89_855_401, 'd2fece8dd42771f1df975c6c0445770d0c292bf7547c2cae04a6c0cc57540925'],
    },
    { wordErrorRate: onLibriSpeech(7.5, 'https://huggingface.co/openai/whisper-tiny') },
  ),
  'moonshine-tiny': {
    title: 'moonshine-tiny',
    engine: 'moonshine',
    folder: 'moonshine-tiny',
    files: filesOf(
      'csukuangfj2/sherpa-onnx-moonshine-tiny-en-quantized-2026-02-27',
      'd1e6c30921780b8508d04b492dfb3ce8a51605d4',
      {
        'encoder_model.ort': [
          'encoder_model.ort',
          13_281_600,
          '94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221',
        ],
        'decoder_model_merged.ort': [
          'decoder_model_merged.ort',
          30_412_256,
          'cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0',
        ],
        'tokens.txt': [
          'tokens.txt',
          549_350,
          '2870d843e14c1e187bf1913a521562a63b53933814bd7f2145120468f494a049',
        ],
      },
    ),
    languages: ['en'],
    canTranslate: false,
    hasWordTimes: false,
    wordErrorRate: {
      percent: 12.7,
      test: 'mean of eight English tests',
      source: 'https://github.com/moonshine-ai/moonshine',
    },
  },
  base: whisperModel(
    'base',
    {
      repository: 'csukuangfj/sherpa-onnx-whisper-base',
      commit: 'bb53ee204431c90d314c1cc08d28d23e5b7927cc',
      prefix: 'base',
      encoder: [29_120_534, '0b8fb1304b6109976038efff5ace81720e00386f3ff6b54ee8c75291ca0a1e11'],
      decoder: [130_672_026, '9759d217388a01b3a4c7c15533201067b48ae819c4daafc8624e64b9409dc02d'],
    },
    { wordErrorRate: onLibriSpeech(5.0, 'https://huggingface.co/openai/whisper-base') },
  ),
  small: whisperModel(
    'small',
    {
      repository: 'clairemcw/sherpa-onnx-whisper-small-attention',
      commit: '9a896a02c311676d366ebfda3797753df4153fe2',
      prefix: 'small',
      encoder: [112_445_386, '570e2b92cce6a8be62dc37934057b82dd601298ecb3a2a25161542e2b59862aa'],
      decoder: [262_482_583, '63233cc33d6c11ae514467a69132de87cc61e6b28d3dab40cdf8b0e3060a3439'],
    },
    {
      hasWordTimes: true,
      wordErrorRate: onLibriSpeech(3.4, 'https://huggingface.co/openai/whisper-small'),
    },
  ),
  'sense-voice': {
    title: 'sense-voice',
    engine: 'sense-voice',
    folder: 'sense-voice',
    files: filesOf(
      'csukuangfj/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17',
      '2365baeacb507f821a0c8120fcee3d484dba7a07',
      {
        'model.int8.onnx': [
          'model.int8.onnx',
          239_233_841,
          'c71f0ce00bec95b07744e116345e33d8cbbe08cef896382cf907bf4b51a2cd51',
        ],
        'tokens.txt': [
          'tokens.txt',
          315_894,
          'f449eb28dc567533d7fa59be34e2abca8784f771850c78a47fb731a31429a1dc',
        ],
      },
    ),
    languages: ['zh', 'cmn', 'yue', 'en', 'ja', 'ko'],
    canTranslate: false,
    hasWordTimes: true,
    wordErrorRate: onLibriSpeech(3.2, 'https://arxiv.org/abs/2407.04051'),
  },
  medium: whisperModel(
    'medium',
    {
      repository: 'csukuangfj/sherpa-onnx-whisper-medium',
      commit: '8c31d28503847560985df21f90e14f0c736e075e',
      prefix: 'medium',
      encoder: [374_196_283, '1c54582b4d829de0089f6cb63bbbdb3bf7555398bacaf855fbecf1a84dfd193e'],
      decoder: [571_059_257, '595d00a338a365a7bfa0ca7f296cabc639583bef770ab6130df90f49a6412747'],
    },
    { wordErrorRate: onLibriSpeech(2.9, 'https://huggingface.co/openai/whisper-medium') },
  ),
  'large-v3-turbo': whisperModel(
    'large-v3-turbo',
    {
      repository: 'csukuangfj/sherpa-onnx-whisper-turbo',
      commit: '2ca6ff69fc878651b770880507669577ac41c2ff',
      prefix: 'turbo',
      encoder: [674_716_297, 'b02dcdf54f348741e93fe732b67d933c8dcb6735655f710640143081db38878b'],
      decoder: [361_080_764, '20accd02388482eb3a46bd615631adfdc85e1eb2c7db9ea3f02a40ffe6b81547'],
    },
    { canTranslate: false },
  ),
  'large-v3': whisperModel('large-v3', {
    repository: 'csukuangfj/sherpa-onnx-whisper-large-v3',
    commit: '2a6507094dd6020d939d78e3f1834a1d06267fca',
    prefix: 'large-v3',
    encoder: [766_671_985, 'd531cf17248acc43e8c09b472a0877055e770877857a5332fc1304b36534ec85'],
    decoder: [1_008_265_203, 'ebc6bfd88e162a46cb3edee8a7e727e1dcbc65cabecb19e2573695e4d495e1af'],
  }),
  'parakeet-tdt-0.6b-v3': {
    title: 'parakeet-tdt-0.6b-v3',
    engine: 'parakeet',
    folder: 'parakeet-tdt-0.6b-v3',
    files: filesOf(
      'csukuangfj/sherpa-onnx-nemo-parakeet-tdt-0.6b-v3-int8',
      '2bda32ec70b097a55adaa07d9a7173915b43cc78',
      {
        'encoder.int8.onnx': [
          'encoder.int8.onnx',
          652_184_281,
          'acfc2b4456377e15d04f0243af540b7fe7c992f8d898d751cf134c3a55fd2247',
        ],
        'decoder.int8.onnx': [
          'decoder.int8.onnx',
          11_845_275,
          '179e50c43d1a9de79c8a24149a2f9bac6eb5981823f2a2ed88d655b24248db4e',
        ],
        'joiner.int8.onnx': [
          'joiner.int8.onnx',
          6_355_277,
          '3164c13fc2821009440d20fcb5fdc78bff28b4db2f8d0f0b329101719c0948b3',
        ],
        'tokens.txt': [
          'tokens.txt',
          93_939,
          'd58544679ea4bc6ac563d1f545eb7d474bd6cfa467f0a6e2c1dc1c7d37e3c35d',
        ],
      },
    ),
    languages: PARAKEET_LANGUAGES,
    canTranslate: false,
    hasWordTimes: true,
    wordErrorRate: onLibriSpeech(1.9, 'https://huggingface.co/nvidia/parakeet-tdt-0.6b-v3'),
  },
}

/** Silero VAD 5, which detects speech, because Whisper invents words for silence and music. */
export const VAD_MODEL: Model<'silero_vad.onnx'> = {
  title: 'Silero VAD',
  folder: 'silero-vad',
  files: {
    'silero_vad.onnx': {
      path: 'csukuangfj/vad/resolve/fba88cd2e921609e7675c3aaf51e0b9b295da4bc/silero_vad_v5.onnx',
      sizeBytes: 2_313_101,
      sha256: '6b99cbfd39246b6706f98ec13c7c50c6b299181f2474fa05cbc8046acc274396',
    },
  },
}

export const modelSizeBytes = ({ files }: Model) =>
  Object.values(files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
