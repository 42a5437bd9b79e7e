'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import { useBeforeunload } from '@/app/ui/use-beforeunload'
import { FileInput } from './file-input'
import { toUploadFailure, createUppy, validateFile, createThroughputMeter, parseVideoId } from './create-uppy'
import { usePageDrop } from './use-page-drop'
import { isSidecar, isSidecarOf, uploadSidecar, sidecarMessage, type SidecarResult } from './sidecars'
import { UploadDock } from './upload-dock'

export interface UploadFile {
  id: string
  name: string
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number
  /** `refused`: the server will not have it, however often it is sent. */
  state: 'sending' | 'paused' | 'failed' | 'refused' | 'done'
  problem?: string
  videoId?: string
  /** Subtitles that go with it, and what became of those that were sent. */
  sidecars: { name: string; sent?: SidecarResult }[]
}

interface Uploads {
  addFiles(files: File[]): void
  /** Opens the picker of the system. */
  openFilePicker(): void
}

/** A folder may hold much that is no video. */
const MAX_TOASTS = 2

const UploadContext = createContext<Uploads | null>(null)
export function useUploads() {
  const uploads = useContext(UploadContext)
  if (!uploads) throw new Error('useUploads needs an UploadProvider above it')
  return uploads
}

/** Sends files by tus, from any page: dropped anywhere, pasted, or chosen. */
export function UploadProvider({ maxBytes, children }: { maxBytes: number; children: ReactNode }) {
  const [uppy] = useState(createUppy)
  const [files, setFiles] = useUploadFiles(uppy)
  const picker = useRef<HTMLInputElement>(null)
  const uploads = useMemo<Uploads>(
    () => ({
      openFilePicker: () => picker.current?.click(),
      addFiles(chosen) {
        const sidecars = chosen.filter(isSidecar)
        const videos = chosen.filter((file) => !isSidecar(file))
        const refused = videos.flatMap((file) => {
          const own = sidecars.filter((sidecar) => isSidecarOf(sidecar, file))
          const problem = validateFile(file, maxBytes) ?? enqueueFile(uppy, file, own)
          return problem ? `${file.name}: ${problem}` : []
        })
        const alone = sidecars.filter((sidecar) => !videos.some((video) => isSidecarOf(sidecar, video)))
        const here = getCurrentVideoId()
        if (here) for (const sidecar of alone) void addSidecarToVideo(here, sidecar)
        const problems = [
          ...refused,
          ...(here ? [] : alone).map(
            ({ name }) =>
              `${name}: No video of this name came with it. Drop it on the page of its video to add it there.`,
          ),
        ]
        for (const problem of problems.slice(0, MAX_TOASTS)) toast.error(problem)
        const more = problems.length - MAX_TOASTS
        if (more > 0) toast.error(`${more} more files were left out: they are no videos, or too large.`)
      },
    }),
    [uppy, maxBytes],
  )
  const isOver = usePageDrop(uploads.addFiles)
  useBeforeunload(files.some((file) => file.state === 'sending'))
  return (
    <UploadContext value={uploads}>
      {children}
      <FileInput
        ref={picker}
        accept="video/*,audio/*,.mkv,.mts,.m2ts,.srt,.vtt"
        aria-label="Files"
        data-testid="file-input"
        onFiles={uploads.addFiles}
      />
      {isOver && (
        // They fall on this, and not on what is below: a browser opens files that fall on what has just gone.
        <div className="fixed inset-0 z-50 grid p-3">
          <div className="grid place-items-center rounded-xl border-2 border-dashed border-primary bg-background/90 text-xl font-semibold">
            Drop to upload
          </div>
        </div>
      )}
      <UploadDock
        files={files}
        onPause={(id) => uppy.pauseResume(id)}
        onRetry={(id) => void uppy.retryUpload(id)}
        onRemove={(id) => {
          uppy.removeFile(id)
          setFiles((now) => now.filter((file) => file.id !== id))
        }}
      />
    </UploadContext>
  )
}

type UppyInstance = ReturnType<typeof createUppy>

/** @returns what is wrong, or null */
function enqueueFile(uppy: UppyInstance, file: File, sidecars: File[]) {
  try {
    const meta = { relativePath: file.webkitRelativePath || null, sidecars }
    uppy.addFile({ name: file.name, type: file.type, data: file, meta })
    return null
  } catch {
    return 'This file is in the list already.'
  }
}

/** The video that is being looked at. */
const getCurrentVideoId = () => /^\/videos\/([\da-f-]{36})/.exec(window.location.pathname)?.[1]

async function addSidecarToVideo(videoId: string, file: File) {
  const sent = await uploadSidecar(videoId, file)
  const text = `${file.name}: ${sidecarMessage(sent)}`
  if (sent.caption && sent.problems.length === 0) toast.success(text)
  else toast.error(text)
}

/** What Uppy tells, as rows for the dock. */
function useUploadFiles(uppy: UppyInstance) {
  const [files, setFiles] = useState<UploadFile[]>([])
  useEffect(() => {
    const speeds = new Map<string, ReturnType<typeof createThroughputMeter>>()
    const change = (id: string | undefined, part: Partial<UploadFile>) =>
      setFiles((now) => now.map((file) => (file.id === id ? { ...file, ...part } : file)))
    uppy.on('file-added', ({ id, name, size, meta }) => {
      speeds.set(id, createThroughputMeter())
      const begun = { sentBytes: 0, bytesPerSecond: 0, state: 'sending' as const }
      setFiles((now) => [
        ...now.filter((file) => file.id !== id),
        {
          id,
          name: name ?? 'video',
          sizeBytes: size ?? 0,
          sidecars: getSidecars(meta).map((sidecar) => ({ name: sidecar.name })),
          ...begun,
        },
      ])
    })
    uppy.on('upload-progress', (file, progress) => {
      const sentBytes = progress.bytesUploaded || 0
      change(file?.id, { sentBytes, bytesPerSecond: speeds.get(file?.id ?? '')?.(sentBytes) ?? 0 })
    })
    uppy.on('upload-success', (file, answer) => {
      const videoId = parseVideoId(answer.body)
      change(file?.id, { state: 'done', sentBytes: file?.size ?? 0, videoId })
      if (!file || !videoId) return
      for (const [n, sidecar] of getSidecars(file.meta).entries())
        void uploadSidecar(videoId, sidecar).then((sent) =>
          setFiles((now) => now.map((one) => (one.id === file.id ? withSidecarResult(one, n, sent) : one))),
        )
    })
    uppy.on('upload-error', (file, error) => change(file?.id, toUploadFailure(error)))
    uppy.on('upload-retry', (file) => change(file?.id, { state: 'sending', problem: undefined }))
    uppy.on('upload-pause', (file, isPaused) => change(file?.id, { state: isPaused ? 'paused' : 'sending' }))
    return () => uppy.destroy()
  }, [uppy])
  return [files, setFiles] as const
}

const getSidecars = (meta: Record<string, unknown>) => (meta.sidecars ?? []) as File[]

const withSidecarResult = (file: UploadFile, at: number, sent: SidecarResult): UploadFile => ({
  ...file,
  sidecars: file.sidecars.map((one, n) => (n === at ? { name: one.name, sent } : one)),
})
