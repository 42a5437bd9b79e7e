import * as messages from '@/lib/generated/messages/rendition-problems'
import type { Segment } from '../../generated/prisma/client'
import { segmentStartSeconds } from '../ladder'

type PlacedSegment = Pick<Segment, 'index' | 'startSeconds' | 'durationSeconds'>

interface Options {
  segments: readonly PlacedSegment[]
  /** Where the longest rendition of the video ends. */
  endSeconds: number
  /** Whether the segments have fixed places: those of an encoded rendition, unless it was trimmed. */
  hasGrid: boolean
  /** Frames per second, for an encoded rendition. */
  frameRate?: number | null
}

const MAX_SEAM_SECONDS = 0.1
const MAX_REST_SECONDS = 0.5

/** Finds what the list of its segments shows to be wrong with a rendition, in sentences. */
export function findProblems({ segments, endSeconds, hasGrid, frameRate }: Options): string[] {
  const last = segments.at(-1)
  if (!last) return [messages.noSegments()]
  const missing = segments.findIndex(({ index }, n) => index !== n)
  const seam = segments.findIndex(({ startSeconds }, n) => {
    const before = segments[n - 1]
    const expected = before ? before.startSeconds + before.durationSeconds : 0
    return Math.abs(startSeconds - expected) > MAX_SEAM_SECONDS
  })
  const tolerance = 1 / (frameRate ?? 25) + MAX_SEAM_SECONDS
  const off = segments.findIndex(
    ({ index, startSeconds }) => Math.abs(startSeconds - segmentStartSeconds(index)) > tolerance,
  )
  const restSeconds = endSeconds - last.startSeconds - last.durationSeconds
  return [
    ...(missing < 0 ? [] : [messages.missing({ index: missing })]),
    ...(seam < 0 ? [] : [messages.seam({ index: seam })]),
    ...(hasGrid && off >= 0 ? [messages.offGrid({ index: off })] : []),
    ...(restSeconds > MAX_REST_SECONDS ? [messages.endsEarly({ seconds: restSeconds })] : []),
  ]
}
