import { formatTimestamp } from '@/app/ui/format'
import * as messages from '@/lib/generated/messages/poster-dialog'
import { frameStyle, useStoryboard } from './use-storyboard'

interface Props {
  /** Of the WebVTT file. */
  url: string
  selectedSeconds: number | null
  onSelect(seconds: number): void
}

/** The frames of a storyboard as a group of radio buttons. */
export function StoryboardFrames({ url, selectedSeconds, onSelect }: Props) {
  const frames = useStoryboard(url)
  if (frames?.length === 0) return <p className="text-muted-foreground">{messages.notLoaded()}</p>
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">{messages.frames()}</legend>
      <div
        className="grid max-h-72 min-h-24 grid-cols-3 gap-1.5 overflow-y-auto overscroll-contain p-1 sm:grid-cols-4"
        aria-busy={!frames}
      >
        {frames?.map((frame) => (
          <label
            key={frame.startSeconds}
            className="relative block cursor-pointer overflow-hidden rounded-md bg-muted has-checked:ring-3 has-checked:ring-primary has-focus-visible:outline-2 has-focus-visible:outline-primary"
            style={frameStyle(url, frame)}
          >
            <input
              type="radio"
              name="frame"
              aria-label={messages.frameAt({ time: formatTimestamp(frame.startSeconds) })}
              checked={selectedSeconds === frame.startSeconds}
              onChange={() => onSelect(frame.startSeconds)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span
              aria-hidden
              className="absolute end-1 bottom-1 rounded bg-black/75 px-1 text-xs text-white tabular-nums"
            >
              {formatTimestamp(frame.startSeconds)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
