import type { Config } from '@/lib/config/config'
import { WHISPER_LANGUAGES } from './languages'

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

type WhisperFile = 'encoder.int8.onnx' | 'decoder.int8.onnx' | 'tokens.txt'

export interface WhisperModel extends Model<WhisperFile> {
  /** BCP 47. */
  languages: readonly string[]
  canTranslate: boolean
  /** Whether its export outputs the cross-attention that word times are derived from. */
  hasWordTimes: boolean
  /** Word error rate in percent on LibriSpeech test-clean in the model card by OpenAI; null if it has none. */
  wordErrorRate: number | null
}

export type WhisperModelName = Config['WHISPER_MODEL']

interface Export {
  /** Repository and commit on the hub. */
  repository: string
  commit: string
  /** Prefix of its file names. */
  prefix: string
  encoder: [sizeBytes: number, sha256: string]
  decoder: [sizeBytes: number, sha256: string]
}

/** The same for all multilingual models. */
const TOKENS = {
  sizeBytes: 816_730,
  sha256: 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126',
}

function whisperModel(
  name: WhisperModelName,
  { repository, commit, prefix, encoder, decoder }: Export,
  properties: Partial<Pick<WhisperModel, 'canTranslate' | 'hasWordTimes' | 'wordErrorRate'>> = {},
): WhisperModel {
  const path = (file: string) => `${repository}/resolve/${commit}/${prefix}-${file}`
  const file = (suffix: string, [sizeBytes, sha256]: Export['encoder']) => ({
    path: path(suffix),
    sizeBytes,
    sha256,
  })
  return {
    title: name,
    folder: `whisper-${name}`,
    files: {
      'encoder.int8.onnx': file('encoder.int8.onnx', encoder),
      'decoder.int8.onnx': file('decoder.int8.onnx', decoder),
      'tokens.txt': { ...TOKENS, path: path('tokens.txt') },
    },
    languages: WHISPER_LANGUAGES,
    canTranslate: true,
    hasWordTimes: false,
    wordErrorRate: null,
    ...properties,
  }
}

/**
 * Whisper in 8 bits, exported for sherpa-onnx. The hub states the SHA-256 of each file at its commit; several public
 * projects pin the same values. Only the export of small includes cross-attention.
 */
export const WHISPER_MODELS: Record<WhisperModelName, WhisperModel> = {
  tiny: whisperModel('tiny', {
    repository: 'csukuangfj/sherpa-onnx-whisper-tiny',
    commit: '65176e2deb88badc814a94058666cadccc29b61c',
    prefix: 'tiny',
    encoder: [12_937_772, 'd24fb083ae3b1041fc24e97971d60e280c9342201fbb67b0ab428a8b4a51a434'],
    decoder: [89_855_401, 'd2fece8dd42771f1df975c6c0445770d0c292bf7547c2cae04a6c0cc57540925'],
  }),
  base: whisperModel(
    'base',
    {
      repository: 'csukuangfj/sherpa-onnx-whisper-base',
      commit: 'bb53ee204431c90d314c1cc08d28d23e5b7927cc',
      prefix: 'base',
      encoder: [29_120_534, '0b8fb1304b6109976038efff5ace81720e00386f3ff6b54ee8c75291ca0a1e11'],
      decoder: [130_672_026, '9759d217388a01b3a4c7c15533201067b48ae819c4daafc8624e64b9409dc02d'],
    },
    { wordErrorRate: 5.0 },
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
    { hasWordTimes: true, wordErrorRate: 3.4 },
  ),
  medium: whisperModel('medium', {
    repository: 'csukuangfj/sherpa-onnx-whisper-medium',
    commit: '8c31d28503847560985df21f90e14f0c736e075e',
    prefix: 'medium',
    encoder: [374_196_283, '1c54582b4d829de0089f6cb63bbbdb3bf7555398bacaf855fbecf1a84dfd193e'],
    decoder: [571_059_257, '595d00a338a365a7bfa0ca7f296cabc639583bef770ab6130df90f49a6412747'],
  }),
  'large-v3': whisperModel('large-v3', {
    repository: 'csukuangfj/sherpa-onnx-whisper-large-v3',
    commit: '2a6507094dd6020d939d78e3f1834a1d06267fca',
    prefix: 'large-v3',
    encoder: [766_671_985, 'd531cf17248acc43e8c09b472a0877055e770877857a5332fc1304b36534ec85'],
    decoder: [1_008_265_203, 'ebc6bfd88e162a46cb3edee8a7e727e1dcbc65cabecb19e2573695e4d495e1af'],
  }),
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
