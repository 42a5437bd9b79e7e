import type { Rendition } from '@/lib/generated/prisma/client'
import type { TaskRun } from '../runtime/handler'

type RenditionProgress = Pick<Rendition, 'name' | 'mode' | 'state' | 'progress'>

/** Reports progress from stored segments and encoder output: per rendition, overall, and the remaining time. */
export function createTranscodeProgress(options: {
  run: Pick<TaskRun<unknown>, 'report'>
  renditions: RenditionProgress[]
  durationSeconds: number
  /** The progress that earlier runs have reported, below which it does not fall: the encoder is ahead of its segments. */
  reported: number
}) {
  const { run, durationSeconds } = options
  const parts = new Map(
    options.renditions.map(({ name, mode, state, progress }) => [name, { name, mode, state, progress }]),
  )
  const encoded = [...parts.values()].filter((part) => part.mode === 'encode')
  const share = (seconds: number) => Math.min(1, Math.max(0, seconds / durationSeconds))
  let mediaSeconds = 0
  let speed = 0
  let smoothSpeed = 0

  const readEtaSeconds = () =>
    smoothSpeed > 0 ? Math.max(0, (durationSeconds - mediaSeconds) / smoothSpeed) : null
  const report = () => {
    // Encoding is nearly all of the work; copies and audio count only if nothing is encoded.
    const counted = encoded.length > 0 ? encoded : [...parts.values()]
    const stored = counted.reduce((sum, part) => sum + part.progress, 0) / Math.max(1, counted.length)
    const encoderShare = encoded.length > 0 ? share(mediaSeconds) : 0
    const progress = Math.min(0.99, Math.max(stored, encoderShare, options.reported))
    run.report({
      stage: encoded.length > 0 ? `Transcoding ${encoded[0]!.name}` : 'Segmenting',
      progress,
      etaSeconds: readEtaSeconds(),
      detail: {
        speed: speed || undefined,
        renditions: [...parts.values()].map((part) => ({
          name: part.name,
          state: part.state,
          progress: part.progress,
        })),
      },
    })
  }
  return {
    /** Estimated time until the encoder is done; null until its speed is known. */
    readEtaSeconds,
    /** Returns the progress of the rendition, 0 to 1. */
    addSegment(name: string, endSeconds: number) {
      const part = parts.get(name)!
      part.state = 'in_progress'
      part.progress = Math.max(part.progress, share(endSeconds))
      report()
      return part.progress
    },
    finishRendition(name: string) {
      Object.assign(parts.get(name)!, { state: 'done', progress: 1 })
      report()
    },
    setEncoderPosition(position: { mediaSeconds: number; speed: number }) {
      ;({ mediaSeconds, speed } = position)
      // ffmpeg reports its mean speed since the start; smoothing keeps the first seconds from jumping.
      smoothSpeed = smoothSpeed ? smoothSpeed * 0.8 + speed * 0.2 : speed
      report()
    },
  }
}
