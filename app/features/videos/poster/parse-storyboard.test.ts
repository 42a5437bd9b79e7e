import { expect, it } from 'vitest'
import { parseStoryboard } from './parse-storyboard'

it('reads the frames of a storyboard as the worker writes it', () => {
  const frames = parseStoryboard(`WEBVTT

00:00:00.000 --> 00:00:40.000
sheet-1.jpg#xywh=0,0,160,90

01:06:00.000 --> 01:06:40.000
sheet-1.jpg#xywh=1440,810,160,90

01:14:00.500 --> 01:14:40.500
sheet-2.jpg#xywh=160,90,160,90
`)
  expect(frames).toEqual([
    { startSeconds: 0, sheet: 'sheet-1.jpg', x: 0, y: 0, width: 160, height: 90 },
    { startSeconds: 3960, sheet: 'sheet-1.jpg', x: 1, y: 1, width: 160, height: 90 },
    { startSeconds: 4440.5, sheet: 'sheet-2.jpg', x: 1 / 9, y: 1 / 9, width: 160, height: 90 },
  ])
})

it('finds no frames in an empty file', () => {
  expect(parseStoryboard('WEBVTT\n\n')).toEqual([])
})
