import { z } from 'zod'
import { toWebVtt } from '../captions/serialize'
import type { Db } from '../database/db'

export const chapterSchema = z.object({
  startSeconds: z.number(),
  endSeconds: z.number().describe('The start of the next chapter, or the end of the video'),
  title: z.string().describe('"Chapter 3" if the file names none'),
})
export type ChapterDto = z.infer<typeof chapterSchema>

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
