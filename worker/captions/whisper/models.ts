import type { Config } from '@/lib/config/config'

export interface SpeechModel {
  name: string
  /** Relative to the URL of the hub. */
  path: string
  checksum: { algorithm: 'sha1' | 'sha256'; hex: string }
  /** Display text, used until the server reports the size. */
  size: string
}

const whisperModel = (name: Config['WHISPER_MODEL'], size: string, hex: string): SpeechModel => ({
  name,
  path: `ggerganov/whisper.cpp/resolve/main/ggml-${name}.bin`,
  checksum: { algorithm: 'sha1', hex },
  size,
})

/** Sizes and SHA-1 checksums from models/README.md of ggml-org/whisper.cpp. */
export const WHISPER_MODELS: Record<Config['WHISPER_MODEL'], SpeechModel> = {
  tiny: whisperModel('tiny', '75 MiB', 'bd577a113a864445d4c299885e0cb97d4ba92b5f'),
  'tiny.en': whisperModel('tiny.en', '75 MiB', 'c78c86eb1a8faa21b369bcd33207cc90d64ae9df'),
  base: whisperModel('base', '142 MiB', '465707469ff3a37a2b9b8d8f89f2f99de7299dac'),
  'base.en': whisperModel('base.en', '142 MiB', '137c40403d78fd54d454da0f9bd998f78703390c'),
  small: whisperModel('small', '466 MiB', '55356645c2b361a969dfd0ef2c5a50d530afd8d5'),
  'small.en': whisperModel('small.en', '466 MiB', 'db8a495a91d927739e50b3fc1cc4c6b8f6c2d022'),
  medium: whisperModel('medium', '1.5 GiB', 'fd9727b6e1217c2f614f9b698455c4ffd82463b4'),
  'medium.en': whisperModel('medium.en', '1.5 GiB', '8c30f0e44ce9560643ebd10bbe50cd20eafd3723'),
  'large-v3': whisperModel('large-v3', '2.9 GiB', 'ad82bf6a9043ceed055076d0fd39f5f186ff8062'),
  'large-v3-turbo': whisperModel('large-v3-turbo', '1.5 GiB', '4af2b29d7ec73d781377bfd1758ca957a807e941'),
}

/** Detects speech, because Whisper invents words for silence and music. */
export const VAD_MODEL: SpeechModel = {
  name: 'silero-v6.2.0',
  path: 'ggml-org/whisper-vad/resolve/main/ggml-silero-v6.2.0.bin',
  checksum: { algorithm: 'sha256', hex: '2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987' },
  size: '1 MB',
}
