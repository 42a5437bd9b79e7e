import { z } from 'zod'
import { config } from '../config'
import { defineKind } from '../tasks/kind'
import { captionOrderSchema } from './contract'

/** Listens to a video. Long ones are done a stretch at a time, and yield their place between; see decision 0012. */
export const captionVideo = defineKind({
  name: 'video.caption',
  label: 'Making captions',
  isAside: true,
  payload: captionOrderSchema.extend({ videoId: z.uuid() }),
  queue: {
    concurrency: config().CAPTION_CONCURRENCY,
    retryDelaySeconds: 10,
    expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60,
  },
})

export const extractSubtitles = defineKind({
  name: 'video.subtitles',
  label: 'Reading the subtitles',
  isAside: true,
  payload: z.object({ videoId: z.uuid() }),
  queue: { expireSeconds: 30 * 60 },
})
