'use client'

import { useState } from 'react'
import { formatTimecode } from '@/app/features/captions/editor/timecode'
import { TimecodeInput } from '@/app/features/captions/editor/timecode-input'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Modal } from '@/app/ui/modal'
import { StateAnnouncement } from '@/app/ui/state-announcement'
import * as messages from '@/lib/generated/messages/trim'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'
import type { TrimRange } from '@/lib/videos/trim/schema'
import { FramePreview } from './frame-preview'
import { TrimSlider } from './trim-slider'
import { trimRequest } from './trim-request'

/** Less cannot stay. */
const MIN_SECONDS = 0.5
/** The last frame starts before the end. */
const FRAME_SECONDS = 0.05

interface Props {
  video: VideoDto
  trim: VideoDetailsDto['trim']
  onClose(): void
}

/** Chooses the start and the end of a video: by handles, by keys, or typed. */
export function TrimDialog({ video, trim, onClose }: Props) {
  const store = useLiveStore()
  const [isSending, setSending] = useState(false)
  const wholeSeconds = trim?.wholeDurationSeconds ?? video.durationSeconds ?? 0
  const [range, setRange] = useState<TrimRange>(() => ({
    startSeconds: trim?.startSeconds ?? 0,
    endSeconds: trim?.endSeconds ?? wholeSeconds,
  }))
  const [side, setSide] = useState<'start' | 'end'>('start')
  const { startSeconds, endSeconds } = range
  const folder = `/media/videos/${trim?.wholeId ?? video.id}`
  const isTooShort = endSeconds - startSeconds < MIN_SECONDS
  const isUnchanged =
    startSeconds === (trim?.startSeconds ?? 0) && endSeconds === (trim?.endSeconds ?? wholeSeconds)
  const isWhole = startSeconds === 0 && endSeconds === wholeSeconds
  const length = isTooShort
    ? messages.tooShort()
    : messages.newLength({
        length: formatTimecode(endSeconds - startSeconds),
        whole: formatTimecode(wholeSeconds),
      })
  const limit = (seconds: number) => Math.min(wholeSeconds, Math.max(0, seconds))
  function change(part: Partial<TrimRange>) {
    setSide(part.endSeconds === undefined || part.endSeconds === endSeconds ? 'start' : 'end')
    setRange({ ...range, ...part })
  }
  const request = trimRequest(video.id, range)
  async function submit() {
    setSending(true)
    await sendApiRequest<{ task: TaskDto }>(request, ({ task }) => {
      store.upsert({ tasks: [task] })
      onClose()
    })
    setSending(false)
  }
  return (
    <Modal
      isOpen
      width="wide"
      onOpenChange={onClose}
      title={trim ? messages.changeTitle() : messages.title()}
      description={messages.description({ title: video.title })}
    >
      {video.hasVideo && (
        <FramePreview
          video={video}
          src={`${folder}/hls/master.m3u8`}
          seconds={side === 'start' ? startSeconds : Math.max(startSeconds, endSeconds - FRAME_SECONDS)}
          label={side === 'start' ? messages.firstFrame() : messages.lastFrame()}
        />
      )}
      <TrimSlider
        range={range}
        wholeSeconds={wholeSeconds}
        minSeconds={MIN_SECONDS}
        storyboard={video.urls.storyboard && `${folder}/storyboard/storyboard.vtt`}
        onChange={change}
        onSelect={setSide}
      />
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="flex gap-4">
          <div className="flex flex-col gap-1 text-sm" onFocus={() => setSide('start')}>
            <span aria-hidden>{messages.start()}</span>
            <TimecodeInput
              label={messages.start()}
              seconds={startSeconds}
              onChange={(seconds) => change({ startSeconds: limit(seconds) })}
            />
          </div>
          <div className="flex flex-col gap-1 text-sm" onFocus={() => setSide('end')}>
            <span aria-hidden>{messages.end()}</span>
            <TimecodeInput
              label={messages.end()}
              seconds={endSeconds}
              onChange={(seconds) => change({ endSeconds: limit(seconds) })}
            />
          </div>
        </div>
        <p className={isTooShort ? 'text-sm text-destructive' : 'text-sm tabular-nums'}>{length}</p>
        <StateAnnouncement text={length} />
      </div>
      <p className="text-sm text-muted-foreground">{messages.cutAwayHint()}</p>
      <DialogActions
        confirmLabel={messages.apply()}
        isDisabled={isSending || isTooShort || isUnchanged || isWhole}
        onCancel={onClose}
        onConfirm={() => void submit()}
      >
        <CopyAsCurl actions={[{ label: messages.apply(), request }]} />
      </DialogActions>
    </Modal>
  )
}
