'use client'

import { Slider } from 'radix-ui'
import { formatTimecode } from '@/app/features/captions/editor/timecode'
import * as messages from '@/lib/generated/messages/trim'
import type { TrimRange } from '@/lib/videos/trim/schema'
import { frameStyle, useStoryboard } from '../poster/use-storyboard'

/** Of the arrow keys; ten times as much with Shift or the page keys. */
const STEP_SECONDS = 0.1
const FRAMES = 10

interface Props {
  range: TrimRange
  wholeSeconds: number
  minSeconds: number
  /** URL of the WebVTT file; null without a picture. */
  storyboard: string | null
  onChange(part: Partial<TrimRange>): void
  /** Called when a handle receives the focus. */
  onSelect(side: 'start' | 'end'): void
}

/** The timeline of a whole video with a handle for the start and one for the end of what stays. */
export function TrimSlider({ range, wholeSeconds, minSeconds, storyboard, onChange, onSelect }: Props) {
  const { startSeconds, endSeconds } = range
  const share = (seconds: number) => `${(100 * seconds) / wholeSeconds}%`
  const change = ([start, end]: number[]) => {
    // Steps may not reach the end.
    if (start !== startSeconds) return onChange({ startSeconds: Math.min(start!, endSeconds - minSeconds) })
    if (end !== endSeconds) onChange({ endSeconds: Math.max(end!, startSeconds + minSeconds) })
  }
  return (
    <Slider.Root
      dir="ltr"
      className="relative flex h-14 touch-none items-center select-none"
      min={0}
      max={wholeSeconds}
      step={STEP_SECONDS}
      value={[startSeconds, endSeconds]}
      onValueChange={change}
    >
      <Slider.Track className="relative h-full grow overflow-hidden rounded-md bg-muted">
        {storyboard && <Frames url={storyboard} wholeSeconds={wholeSeconds} />}
        <span className="absolute inset-y-0 left-0 bg-background/75" style={{ width: share(startSeconds) }} />
        <span
          className="absolute inset-y-0 right-0 bg-background/75"
          style={{ width: share(wholeSeconds - endSeconds) }}
        />
        <Slider.Range className="absolute h-full border-y-3 border-primary" />
      </Slider.Track>
      {(['start', 'end'] as const).map((side) => (
        <Slider.Thumb
          key={side}
          aria-label={side === 'start' ? messages.start() : messages.end()}
          aria-valuetext={formatTimecode(side === 'start' ? startSeconds : endSeconds)}
          onFocus={() => onSelect(side)}
          className="flex h-14 w-4 cursor-ew-resize items-center justify-center rounded-md bg-primary outline-offset-2 focus-visible:outline-2 focus-visible:outline-primary"
        >
          <span aria-hidden className="h-5 w-0.5 rounded bg-primary-foreground" />
        </Slider.Thumb>
      ))}
    </Slider.Root>
  )
}

/** Frames at regular intervals, side by side. */
function Frames({ url, wholeSeconds }: { url: string; wholeSeconds: number }) {
  const frames = useStoryboard(url) ?? []
  const shown = Array.from({ length: FRAMES }, (_, n) => ((n + 0.5) * wholeSeconds) / FRAMES)
  return (
    <span aria-hidden className="absolute inset-0 flex">
      {shown.map((seconds) => {
        const frame = frames.findLast(({ startSeconds }) => startSeconds <= seconds) ?? frames[0]
        return (
          <span key={seconds} className="relative h-full min-w-0 grow basis-0 overflow-hidden">
            {frame && (
              <span
                className="absolute top-0 left-1/2 h-full -translate-x-1/2"
                style={frameStyle(url, frame)}
              />
            )}
          </span>
        )
      })}
    </span>
  )
}
