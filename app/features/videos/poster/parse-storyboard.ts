import { parseTimecode } from '@/app/features/captions/editor/timecode'

export interface StoryboardFrame {
  startSeconds: number
  /** File name of the sheet that shows it. */
  sheet: string
  /** Its left and top edge in the sheet, as shares of the width and height that the other frames leave. */
  x: number
  y: number
  width: number
  height: number
}

const FRAME_PATTERN = /(\S+) --> \S+\n([\w.-]+)#xywh=(\d+),(\d+),(\d+),(\d+)/g
/** Columns and rows of a sheet. */
export const SHEET_SIDE = 10

/** The frames of a storyboard (WebVTT with `#xywh`), in order. */
export const parseStoryboard = (vtt: string): StoryboardFrame[] =>
  [...vtt.matchAll(FRAME_PATTERN)].map(([, start, sheet, ...numbers]) => {
    const [x, y, width, height] = numbers.map(Number) as [number, number, number, number]
    return {
      startSeconds: parseTimecode(start!) ?? 0,
      sheet: sheet!,
      x: x / width / (SHEET_SIDE - 1),
      y: y / height / (SHEET_SIDE - 1),
      width,
      height,
    }
  })
