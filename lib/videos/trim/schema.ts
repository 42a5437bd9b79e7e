import { z } from 'zod'
import * as messages from '@/lib/generated/messages/trim-errors'
import { MAX_DURATION_SECONDS } from '../media-info'

const seconds = z.number().min(0).max(MAX_DURATION_SECONDS)

/** What stays of a video, on the timeline of its whole file. */
export const trimRequestSchema = z
  .object({
    startSeconds: seconds.describe('Rounded to the nearest frame'),
    endSeconds: seconds.describe('Rounded to the nearest frame; at most the length of the whole video'),
  })
  .refine(({ startSeconds, endSeconds }) => endSeconds > startSeconds, {
    path: ['endSeconds'],
    error: () => messages.endBeforeStart(),
  })

export const trimSchema = z.object({
  startSeconds: z.number(),
  endSeconds: z.number(),
  wholeId: z.uuid().describe('Names the whole file in /media/videos/ID/…, for its owner alone'),
  wholeDurationSeconds: z.number(),
})

export interface TrimRange {
  startSeconds: number
  endSeconds: number
}
