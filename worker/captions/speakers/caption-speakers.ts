import { captionSpeakersTask } from '@/lib/captions/tasks'
import * as messages from '@/lib/generated/messages/caption-tasks'
import { loadInspectedVideo, withSourceFile } from '../../media/load-video'
import { NICENESS } from '../../process/niceness'
import type { TaskHandler, TaskRun } from '../../runtime/handler'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { AudioChunk } from '../audio-buffer'
import { readAudioChunks } from '../audio-chunks'
import { modelMissing } from '../choose-transcriber'
import { modelsDir } from '../speech/select-model'
import { ensureSpeakerModel } from './ensure-model'
import { findVoices } from './find-voices'

type SpeakersRun = TaskRun<PayloadOf<typeof captionSpeakersTask>>

/** Finds the voices in a part of a video. The transcription that it belongs to joins those of all parts. */
export const captionSpeakers: TaskHandler<typeof captionSpeakersTask> = {
  kind: captionSpeakersTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const problem = await ensureSpeakerModel(run)
    if (problem) throw modelMissing(problem)
    run.report({ stage: messages.identifyingSpeakers() })
    const voices = await withSourceFile(run, video, (sourcePath) => findVoicesOfPart(run, sourcePath, info))
    return { result: { voices } }
  },
}

async function findVoicesOfPart(run: SpeakersRun, sourcePath: string, info: MediaInfo) {
  const { config, scratchDir } = run.context
  const { startSeconds, endSeconds } = run.payload
  const chunks: AudioChunk[] = []
  for await (const chunk of readAudioChunks({
    sourcePath,
    info,
    part: { startSeconds, endSeconds },
    niceness: NICENESS.continuation,
    signal: run.signal,
    memoryBytes: config.MEDIA_MEMORY_BYTES,
    wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
  }))
    chunks.push(chunk)
  const voices = await findVoices({
    samples: Buffer.concat(chunks.map(({ samples }) => samples)),
    modelsDir: modelsDir(config),
    threads: config.CAPTION_THREADS,
    niceness: NICENESS.continuation,
    memoryBytes: config.CAPTION_MEMORY_BYTES,
    scratchDir,
    signal: run.signal,
  })
  const shift = chunks[0]?.startSeconds ?? 0
  return voices.map(({ embedding, turns }) => ({
    embedding,
    turns: turns.map((turn) => ({
      startSeconds: turn.startSeconds + shift,
      endSeconds: turn.endSeconds + shift,
    })),
  }))
}
