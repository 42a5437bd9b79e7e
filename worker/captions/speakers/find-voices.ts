import path from 'node:path'
import * as messages from '@/lib/generated/messages/caption-names'
import { findSpeech } from '../find-speech'
import { modelFile } from '../speech/model-files'
import { loadModel } from '../speech/load-model'
import type { Voice } from '../speech/messages'
import { SpeechProcess } from '../speech/speech-process'
import { BYTES_PER_SECOND, type TranscriberSessionOptions } from '../transcriber'
import { SPEAKER_MODEL } from './model'

/** Finding voices may take this many times the duration. */
const MAX_REALTIME_FACTOR = 20

interface Options extends TranscriberSessionOptions {
  /** In the format of `SAMPLE_RATE`. */
  samples: Buffer
  /** The folder of all models. */
  modelsDir: string
}

/**
 * Finds the voices in some minutes of audio by sherpa-onnx in a child process. Times in seconds from the start of the audio.
 * @throws {AppError} captions.engine_failed, captions.model_broken
 */
export async function findVoices({ samples, modelsDir, ...session }: Options): Promise<Voice[]> {
  // Measuring loudness is cheap and skips silence.
  if (findSpeech(samples).length === 0) return []
  const files = {
    segmentation: modelFile(modelsDir, SPEAKER_MODEL, 'segmentation.onnx'),
    embedding: modelFile(modelsDir, SPEAKER_MODEL, 'embedding.onnx'),
  }
  const modelDirs = [path.dirname(files.segmentation)]
  const process = new SpeechProcess({
    ...session,
    program: 'speakers/child.ts',
    title: messages.speakerIdentification(),
    modelDirs,
  })
  const request = { type: 'openSpeakers', files, threads: session.threads } as const
  await loadModel(process, request, { title: SPEAKER_MODEL.title })
  try {
    const timeoutMs = 120_000 + (1000 * MAX_REALTIME_FACTOR * samples.length) / BYTES_PER_SECOND
    const { voices } = await process.request({ type: 'findVoices', samples }, 'voices', timeoutMs)
    return voices
  } finally {
    await process.close()
  }
}
