import { describe, it } from 'vitest'
import { describeTranscriber } from '@/tests/integration/captions/transcriber-contract'
import { sharedMedia } from '@/tests/support/shared-media'
import { whisper } from '@/worker/captions/whisper/whisper'

// whisper.cpp's own test model has the real format and no weights: loading, limits and canceling are real.
const modelPath = sharedMedia('whisper-test-tiny.en.bin')
const speechModelPath = sharedMedia('silero-vad-v6.2.0.bin')

if (modelPath && speechModelPath)
  describeTranscriber({
    transcriber: whisper({ model: 'tiny', modelPath, speechModelPath, temperatureStep: 0 }),
    understands: false,
  })
else
  describe.skip('Whisper: ../shared/media holds no test model here', () =>
    it('is tested where it does', () => undefined))
