import { describe, it } from 'vitest'
import { describeTranscriber } from '@/tests/support/contracts/transcriber-contract'
import { findSharedMedia } from '@/tests/support/shared-media'
import { createWhisper } from '@/worker/captions/whisper/whisper'

// whisper.cpp's own test model has the real format and no weights: loading, limits and canceling are real.
const modelPath = findSharedMedia('whisper-test-tiny.en.bin')
const vadModelPath = findSharedMedia('silero-vad-v6.2.0.bin')

if (modelPath && vadModelPath)
  describeTranscriber({
    transcriber: createWhisper({ model: 'tiny', modelPath, vadModelPath, temperatureStep: 0 }),
    canRecognizeSpeech: false,
  })
else
  describe.skip('Whisper without a test model in ../shared/media', () =>
    it('is tested only where the model exists', () => undefined))
