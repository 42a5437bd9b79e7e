import { extractSubtitlesTask } from '@/lib/captions/tasks'
import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { describeNote } from '@/lib/captions/note'
import { MAX_SUBTITLE_BYTES } from '@/lib/captions/import-file'
import { parseSubtitles } from '@/lib/captions/parse'
import { MAX_CUES } from '@/lib/captions/parsed-subtitles'
import type { MediaInfo, SubtitleTrackInfo } from '@/lib/videos/media-info'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import * as messages from '@/lib/generated/messages/caption-tasks'
import type { TaskRun, TaskHandler } from '../runtime/handler'
import { NICENESS } from '../process/niceness'
import { readSandboxFile } from '../process/sandbox-files'
import { withScratchDir } from '../runtime/scratch'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import { inputArgs, quietArgs } from '../media/input-args'
import { touch } from '@/lib/database/touch'

/** Creates a caption track for each subtitle stream of the file. Tracks of bitmap subtitles are empty, with a note. */
export const extractSubtitles: TaskHandler<typeof extractSubtitlesTask> = {
  kind: extractSubtitlesTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const extracted = await run.context.db.caption.findMany({
      where: { videoId: video.id, streamIndex: { not: null } },
    })
    const remaining = info.subtitles.filter(
      ({ index }) => !extracted.some((track) => track.streamIndex === index),
    )
    for (const [n, stream] of remaining.entries()) {
      run.report({
        stage: messages.importingTrack({ number: n + 1, count: remaining.length }),
        progress: n / remaining.length,
      })
      const { cues, note } = stream.isText
        ? // The indexed copy has no subtitles.
          await withSourceFile(run, { ...video, indexedBytes: null }, (sourcePath) =>
            readSubtitleStream(run, { sourcePath, info, stream }),
          )
        : {
            cues: [],
            note: messages.bitmapSubtitles({ codec: stream.codec }),
          }
      await run.write(async (tx) => {
        const track = await tx.caption.create({
          data: {
            ownerId: video.ownerId,
            videoId: video.id,
            language: stream.language ?? UNKNOWN_LANGUAGE,
            label: stream.title,
            source: 'embedded',
            streamIndex: stream.index,
            taskId: run.taskId,
            state: 'done',
            doneSeconds: info.durationSeconds,
            ...describeNote(note),
            cueCount: cues.length,
          },
        })
        await tx.captionCue.createMany({ data: cues.map((cue) => ({ ...cue, captionId: track.id })) })
        await touch(tx, 'video', { id: video.id })
      })
    }
    return { result: { tracks: info.subtitles.length } }
  },
}

interface SubtitleSource {
  sourcePath: string
  info: MediaInfo
  stream: SubtitleTrackInfo
}

/** Reads a stream, except Advanced SubStation Alpha converted to SubRip, which preserves text and times, and parses it. */
async function readSubtitleStream(
  run: TaskRun<{ videoId: string }>,
  { sourcePath, info, stream }: SubtitleSource,
) {
  const isAss = ['ass', 'ssa'].includes(stream.codec)
  const fileName = isAss ? 'subtitles.ass' : 'subtitles.srt'
  return withScratchDir(run, async (outputDir) => {
    const readOutput = () =>
      readSandboxFile({ dir: outputDir, name: fileName }, { maxBytes: MAX_SUBTITLE_BYTES })
    const running = runSandboxed({
      program: 'ffmpeg',
      inputPath: sourcePath,
      outputDir,
      signal: run.signal,
      memoryBytes: run.context.config.MEDIA_MEMORY_BYTES,
      fileBytes: MAX_SUBTITLE_BYTES,
      niceness: NICENESS.transcription,
      wallClockMs: 25 * 60_000,
      args: [
        ...quietArgs,
        '-y',
        '-progress',
        'pipe:1',
        ...inputArgs(info.sourceDemuxer ?? info.demuxer),
        '-map',
        `0:${stream.index}`,
        '-c:s',
        isAss ? 'copy' : 'srt',
        '-f',
        isAss ? 'ass' : 'srt',
        `${SANDBOX_OUTPUT_DIR}/${fileName}`,
      ],
    })
    running.stdout.resume()
    let isTruncated = false
    try {
      await running.exited
    } catch (error) {
      if (!(error instanceof SandboxFailure)) throw error
      if (error.reason === 'exit') return { cues: [], note: messages.subtitlesDamaged() }
      // A signal ends a program that exceeds its file size limit.
      isTruncated = error.reason === 'signal' && (await readOutput()).length >= MAX_SUBTITLE_BYTES
      if (!isTruncated) throw error
    }
    const { cues } = parseSubtitles((await readOutput()).toString())
    if (isTruncated) {
      const note = messages.subtitlesTruncated({ megabytes: MAX_SUBTITLE_BYTES / 1024 ** 2 })
      return { cues: cues.slice(0, Math.min(MAX_CUES, cues.length - 1)), note }
    }
    if (cues.length > MAX_CUES)
      return {
        cues: cues.slice(0, MAX_CUES),
        note: messages.tooManyCues({ count: MAX_CUES }),
      }
    return { cues, note: cues.length > 0 ? null : messages.subtitlesEmpty() }
  })
}
