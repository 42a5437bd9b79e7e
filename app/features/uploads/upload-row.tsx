import { Captions, Pause, Play, RotateCw, X } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { formatTimeLeft } from '@/app/ui/format'
import { Link } from '@/app/ui/link'
import { Progress } from '@/app/ui/progress'
import { LazyDuplicateNotice } from '@/app/features/videos/lazy-duplicate-notice'
import type { VideoDto } from '@/lib/videos/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import * as messages from '@/lib/generated/messages/uploading'
import { sidecarMessage } from './sidecars'
import type { UploadFile } from './upload-file'

export interface UploadActions {
  /** Pauses or resumes. */
  onPause(id: string): void
  onRetry(id: string): void
  /** Cancels an active upload and removes the row. */
  onRemove(id: string): void
}

interface Props {
  file: UploadFile
  /** Its video, once pages know it. */
  video?: VideoDto
}

/** One upload in the dock. */
export function UploadRow({ file, video, onPause, onRetry, onRemove }: Props & UploadActions) {
  const { name } = file
  const isActive = file.state === 'sending' || file.state === 'paused'
  return (
    <li className="flex flex-col gap-1.5 px-4 py-2.5">
      <div className="flex items-center gap-2">
        <span dir="auto" className="grow truncate">
          {name}
        </span>
        {isActive && (
          <Button
            variant="ghost"
            size="sm"
            aria-label={file.state === 'paused' ? messages.resume({ name }) : messages.pause({ name })}
            onClick={() => onPause(file.id)}
          >
            {file.state === 'paused' ? <Play className="size-4" /> : <Pause className="size-4" />}
          </Button>
        )}
        {file.state === 'failed' && (
          <Button
            variant="ghost"
            size="sm"
            aria-label={messages.retry({ name })}
            onClick={() => onRetry(file.id)}
          >
            <RotateCw className="size-4" />
          </Button>
        )}
        <Button
          variant="ghost"
          size="sm"
          aria-label={isActive ? messages.cancel({ name }) : messages.dismiss({ name })}
          onClick={() => onRemove(file.id)}
        >
          <X className="size-4" />
        </Button>
      </div>
      {file.state !== 'done' && file.state !== 'refused' && (
        <Progress
          value={file.sizeBytes ? file.sentBytes / file.sizeBytes : 0}
          label={messages.progress({ name })}
        />
      )}
      <p className="text-xs text-muted-foreground tabular-nums">
        {file.state === 'sending' && uploadStatus(file)}
        {file.state === 'paused' && messages.pausedAt({ size: formatBytes(file.sentBytes) })}
        {isActive && video?.upload && video.isPlayable && (
          <>
            {' · '}
            <Link className="text-primary underline" href={`/videos/${file.videoId}`}>
              {messages.watchArrived()}
            </Link>
          </>
        )}
        {(file.state === 'failed' || file.state === 'refused') && (
          <span className="text-destructive">{file.problem}</span>
        )}
        {file.state === 'done' &&
          (file.isArchive ? (
            <Link className="text-primary underline" href="/archives">
              {messages.importArchive()}
            </Link>
          ) : file.videoId ? (
            <Link className="text-primary underline" href={`/videos/${file.videoId}`}>
              {messages.viewProgress()}
            </Link>
          ) : (
            messages.uploaded()
          ))}
      </p>
      {video?.duplicateOfId && <LazyDuplicateNotice video={video} />}
      {file.sidecars.map(({ name: sidecarName, result }) => (
        <p key={sidecarName} className="flex gap-1.5 text-xs text-muted-foreground tabular-nums">
          <Captions className="mt-px size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">
            {sidecarName}:{' '}
            {result ? (
              <span className={result.caption ? '' : 'text-destructive'}>{sidecarMessage(result)}</span>
            ) : (
              pendingSidecarMessage(file)
            )}
          </span>
        </p>
      ))}
    </li>
  )
}

function uploadStatus({ sentBytes, sizeBytes, bytesPerSecond }: UploadFile) {
  const parts = [
    messages.sentOf({ sent: formatBytes(sentBytes), total: formatBytes(sizeBytes) }),
    messages.rate({ size: formatBytes(bytesPerSecond) }),
  ]
  if (bytesPerSecond > 0) parts.push(formatTimeLeft((sizeBytes - sentBytes) / bytesPerSecond))
  return parts.join(' · ')
}

function pendingSidecarMessage({ state, videoId }: UploadFile) {
  if (state !== 'done') return messages.sidecarWaiting()
  return videoId ? messages.sidecarImporting() : messages.sidecarSkipped()
}
