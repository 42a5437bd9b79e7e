/** The used part of sherpa-onnx-node, which comes without types. Flags are numbers: it ignores `true`. */
declare module 'sherpa-onnx-node' {
  type EngineConfig =
    | {
        whisper: {
          encoder: string
          decoder: string
          language: string
          task: 'transcribe' | 'translate'
          tailPaddings: number
          enableTokenTimestamps: 0 | 1
          enableSegmentTimestamps: 0 | 1
        }
      }
    | { transducer: { encoder: string; decoder: string; joiner: string }; modelType: 'nemo_transducer' }
    | { senseVoice: { model: string; language: string; useInverseTextNormalization: 0 | 1 } }
    | { moonshine: { encoder: string; mergedDecoder: string } }

  interface RecognizerConfig {
    featConfig: { sampleRate: number; featureDim: number }
    modelConfig: EngineConfig & {
      tokens: string
      numThreads: number
      provider: 'cpu'
      debug: 0
    }
  }

  interface RecognizerResult {
    lang: string
    text: string
    tokens: string[]
    /** In seconds, like the others. */
    timestamps: number[]
    durations: number[]
    /** Natural logarithms of the probabilities of the tokens; empty if the decoder reports none. */
    ys_log_probs?: number[]
    segment_timestamps?: number[]
    segment_durations?: number[]
    segment_texts?: string[]
  }

  interface OfflineStream {
    acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void
  }

  interface OfflineRecognizer {
    setConfig(config: RecognizerConfig): void
    createStream(): OfflineStream
    decodeAsync(stream: OfflineStream): Promise<RecognizerResult>
  }

  interface VadConfig {
    sileroVad: {
      model: string
      threshold: number
      minSilenceDuration: number
      minSpeechDuration: number
      maxSpeechDuration: number
      windowSize: number
    }
    sampleRate: number
    numThreads: number
    debug: 0
  }

  interface Vad {
    acceptWaveform(samples: Float32Array): void
    isEmpty(): boolean
    /** `start` in samples. */
    front(enableExternalBuffer: boolean): { start: number; samples: Float32Array }
    pop(): void
    flush(): void
    reset(): void
  }

  interface SpeakerDiarizationConfig {
    segmentation: { pyannote: { model: string }; numThreads: number; debug: 0 }
    embedding: EmbeddingConfig
    /** -1 clusters finds the number by the threshold, a cosine distance. */
    clustering: { numClusters: number; threshold: number }
    /** In seconds, like the other. */
    minDurationOn: number
    minDurationOff: number
  }

  interface SpeakerDiarization {
    process(samples: Float32Array): { start: number; end: number; speaker: number }[]
  }

  interface EmbeddingConfig {
    model: string
    numThreads: number
    debug: 0
  }

  interface EmbeddingStream extends OfflineStream {
    inputFinished(): void
  }

  interface EmbeddingExtractor {
    createStream(): EmbeddingStream
    isReady(stream: EmbeddingStream): boolean
    compute(stream: EmbeddingStream, enableExternalBuffer: boolean): Float32Array
  }

  const sherpa: {
    OfflineRecognizer: { createAsync(config: RecognizerConfig): Promise<OfflineRecognizer> }
    Vad: new (config: VadConfig, bufferSeconds: number) => Vad
    OfflineSpeakerDiarization: new (config: SpeakerDiarizationConfig) => SpeakerDiarization
    SpeakerEmbeddingExtractor: new (config: EmbeddingConfig) => EmbeddingExtractor
  }
  export default sherpa
  export type {
    EmbeddingExtractor,
    EngineConfig,
    OfflineRecognizer,
    RecognizerConfig,
    SpeakerDiarization,
    Vad,
  }
}
