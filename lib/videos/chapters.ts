import { z } from 'zod'
import { toWebVtt } from '../captions/serialize'
import type { Db } from '../database/db'
import { sanitizeText } from '../text/sanitize'

export const chapterSchema = z.object({
  startSeconds: z.number(),
  endSeconds: z.number().describe('The start of the next chapter, or the end of the video'),
  title: z.string().describe('"Chapter 3" if the file names none'),
})
export type ChapterDto = z.infer<typeof chapterSchema>

/** Chapters of one video, as many as the inspection stores. */
const MAX_EDITED_CHAPTERS = 1_000

/** The chapters that replace those of a video. */
export const chapterEditSchema = z.object({
  chapters: z
    .array(
      z.object({
        startSeconds: z.number().min(0),
        title: z.string().overwrite(sanitizeText).min(1).max(200),
      }),
    )
    .max(MAX_EDITED_CHAPTERS)
    .describe('In any order; each ends where the next one starts'),
})
export type ChapterEdit = z.infer<typeof chapterEditSchema>['chapters'][number]

/** Selects the chapters of a video in order. */
export const selectChapters = {
  orderBy: { index: 'asc' },
  select: { startSeconds: true, endSeconds: true, title: true },
} as const

/** Renders the chapters of a video as WebVTT, without cues if there are none. */
export async function renderChapters(db: Db, videoId: string) {
  const chapters = await db.chapter.findMany({ where: { videoId }, ...selectChapters })
  return toWebVtt(chapters.map(({ title, ...times }) => ({ ...times, text: title })))
}
