'use client'

import { Captions, ChevronDown, Pause, Play, RotateCw, X } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { Progress } from '@/app/ui/progress'
import { formatTimeLeft } from '@/app/ui/format'
import { formatBytes } from '@/lib/text/format-bytes'
import { sidecarMessage } from './sidecars'
import type { UploadFile } from './upload-file'

interface UploadActions {
  onPause(id: string): void
  onRetry(id: string): void
  onRemove(id: string): void
}

/** Lists uploads at the bottom right of every page. */
export function UploadDock({ files, ...actions }: { files: UploadFile[] } & UploadActions) {
  const [isOpen, setOpen] = useState(true)
  if (files.length === 0) return null
  return (
    <section
      aria-label="Uploads"
      className="fixed right-4 bottom-4 z-40 w-[min(24rem,calc(100vw-2rem))] max-sm:bottom-20 overflow-hidden rounded-xl border bg-card shadow-lg"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex h-11 w-full items-center justify-between px-4 font-medium"
      >
        {uploadsHeading(files)}
        <ChevronDown className={`size-4 transition-transform ${isOpen ? '' : 'rotate-180'}`} />
      </button>
      {isOpen && (
        <ul className="max-h-72 divide-y overflow-y-auto border-t">
          {files.map((file) => (
            <UploadRow key={file.id} file={file} {...actions} />
          ))}
        </ul>
      )}
    </section>
  )
}

function uploadsHeading(files: UploadFile[]) {
  const count = (...states: UploadFile['state'][]) =>
    files.filter(({ state }) => states.includes(state)).length
  const [active, failed] = [count('sending', 'paused'), count('failed', 'refused')]
  if (active > 0) return `Uploading ${active} of ${files.length}`
  if (failed > 0) return `${failed} of ${files.length} failed`
  return 'Uploaded. You can close this tab.'
}

function UploadRow({ file, onPause, onRetry, onRemove }: { file: UploadFile } & UploadActions) {
  const isActive = file.state === 'sending' || file.state === 'paused'
  return (
    <li className="flex flex-col gap-1.5 px-4 py-2.5">
      <div className="flex items-center gap-2">
        <span className="grow truncate">{file.name}</span>
        {isActive && (
          <Button
            variant="ghost"
            size="sm"
            aria-label={`${file.state === 'paused' ? 'Resume' : 'Pause'} ${file.name}`}
            onClick={() => onPause(file.id)}
          >
            {file.state === 'paused' ? <Play className="size-4" /> : <Pause className="size-4" />}
          </Button>
        )}
        {file.state === 'failed' && (
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Retry ${file.name}`}
            onClick={() => onRetry(file.id)}
          >
            <RotateCw className="size-4" />
          </Button>
        )}
        <Button
          variant="ghost"
          size="sm"
          aria-label={`${isActive ? 'Cancel upload of' : 'Dismiss'} ${file.name}`}
          onClick={() => onRemove(file.id)}
        >
          <X className="size-4" />
        </Button>
      </div>
      {file.state !== 'done' && file.state !== 'refused' && (
        <Progress
          value={file.sizeBytes ? file.sentBytes / file.sizeBytes : 0}
          label={`Upload of ${file.name}`}
        />
      )}
      <p className="text-xs text-muted-foreground tabular-nums">
        {file.state === 'sending' && uploadStatus(file)}
        {file.state === 'paused' && `Paused at ${formatBytes(file.sentBytes)}`}
        {(file.state === 'failed' || file.state === 'refused') && (
          <span className="text-destructive">{file.problem}</span>
        )}
        {file.state === 'done' &&
          (file.videoId ? (
            <Link className="text-primary underline" href={`/videos/${file.videoId}`}>
              View progress
            </Link>
          ) : (
            'Uploaded'
          ))}
      </p>
      {file.sidecars.map(({ name, result }) => (
        <p key={name} className="flex gap-1.5 text-xs text-muted-foreground tabular-nums">
          <Captions className="mt-px size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">
            {name}:{' '}
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
  const parts = [`${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}`, `${formatBytes(bytesPerSecond)}/s`]
  if (bytesPerSecond > 0) parts.push(formatTimeLeft((sizeBytes - sentBytes) / bytesPerSecond))
  return parts.join(' · ')
}

function pendingSidecarMessage({ state, videoId }: UploadFile) {
  if (state !== 'done') return 'Waiting for the video'
  return videoId ? 'Importing…' : 'Not imported. Import it on the video’s page.'
}
