import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import { neverAborted } from './never-aborted'
import { findSpeechModels, TEST_MODEL } from './speech-model'

/** Loads a model, by default Whisper base. Call it where `findSpeechModels` has found models; close what it returns. */
export const openWhisper = (scratchDir: string, model = TEST_MODEL) =>
  createSpeechTranscriber({ model, modelsDir: findSpeechModels()! }).open({
    signal: neverAborted,
    threads: 2,
    memoryBytes: 4 * 1024 ** 3,
    // As the tests themselves, which wait for it.
    niceness: 0,
    scratchDir,
  })
