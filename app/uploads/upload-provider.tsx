'use client'

import Uppy from '@uppy/core'
import Tus from '@uppy/tus'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { toast } from 'sonner'
import { sizeText } from '@/lib/sizes'
import { droppedFiles } from './dropped-files'
import { UploadDock } from './upload-dock'

export interface UploadFile {
  id: string
  name: string
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number
  state: 'sending' | 'paused' | 'failed' | 'done'
  problem?: string
  videoId?: string
}

interface Uploads {
  add(files: File[]): void
}

const UploadContext = createContext<Uploads | null>(null)
export function useUploads() {
  const uploads = useContext(UploadContext)
  if (!uploads) throw new Error('useUploads needs an UploadProvider above it')
  return uploads
}

type Answer = { videoId: string; taskId: string }

/** Sends files by tus, from any page: dropped anywhere, pasted, or chosen. */
export function UploadProvider({ maxBytes, children }: { maxBytes: number; children: ReactNode }) {
  const [uppy] = useState(() => makeUppy())
  const [files, setFiles] = useState<UploadFile[]>([])
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    const change = (id: string | undefined, part: Partial<UploadFile>) =>
      setFiles((now) => now.map((file) => (file.id === id ? { ...file, ...part } : file)))
    uppy.on('file-added', (file) =>
      setFiles((now) => [
        ...now.filter(({ id }) => id !== file.id),
        {
          id: file.id,
          name: file.name ?? 'video',
          sizeBytes: file.size ?? 0,
          sentBytes: 0,
          bytesPerSecond: 0,
          state: 'sending',
        },
      ]),
    )
    uppy.on('upload-progress', (file, progress) => {
      const seconds = progress.uploadStarted ? (Date.now() - progress.uploadStarted) / 1000 : 0
      const sentBytes = progress.bytesUploaded || 0
      change(file?.id, { sentBytes, bytesPerSecond: seconds > 0 ? sentBytes / seconds : 0 })
    })
    uppy.on('upload-success', (file, answer) => {
      change(file?.id, {
        state: 'done',
        sentBytes: file?.size ?? 0,
        videoId: (answer.body as Answer | undefined)?.videoId,
      })
    })
    uppy.on('upload-error', (file, error) => change(file?.id, { state: 'failed', problem: problemOf(error) }))
    uppy.on('upload-pause', (file, isPaused) => change(file?.id, { state: isPaused ? 'paused' : 'sending' }))
    return () => uppy.destroy()
  }, [uppy])

  const uploads = useMemo<Uploads>(
    () => ({
      add(chosen) {
        for (const file of chosen) {
          const problem = refuse(file, maxBytes)
          if (problem) toast.error(`${file.name}: ${problem}`)
          else
            uppy.addFile({
              name: file.name,
              type: file.type,
              data: file,
              meta: { relativePath: file.webkitRelativePath || null },
            })
        }
      },
    }),
    [uppy, maxBytes],
  )

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => hasFiles(event) && (event.preventDefault(), setOver(true))
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false)
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      void droppedFiles(event.dataTransfer).then(uploads.add)
    }
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) uploads.add([...event.clipboardData.files])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [uploads])

  const isSending = files.some((file) => file.state === 'sending')
  useEffect(() => {
    if (!isSending) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isSending])

  return (
    <UploadContext value={uploads}>
      {children}
      {isOver && (
        <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-page/90 text-xl font-semibold">
          Drop to upload
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

function makeUppy() {
  return new Uppy<Record<string, unknown>, Answer & Record<string, unknown>>({
    autoProceed: true,
    allowMultipleUploadBatches: true,
  }).use(Tus, {
    endpoint: '/api/uploads',
    limit: 3,
    retryDelays: [0, 1_000, 3_000, 5_000, 10_000, 30_000],
    removeFingerprintOnSuccess: true,
    allowedMetaFields: ['name', 'type'],
  })
}

function refuse(file: File, maxBytes: number) {
  if (file.size === 0) return 'The file is empty.'
  if (file.size > maxBytes)
    return `The file has ${sizeText(file.size)}; the largest allowed is ${sizeText(maxBytes)}.`
  // Browsers know no type for some containers (MKV on some systems): the server decides by content.
  if (file.type && !/^(video|audio|application\/(ogg|mxf|octet-stream|vnd))/.test(file.type))
    return 'This is not a video or audio file.'
  return null
}

function problemOf(error: unknown) {
  const text = String(
    (error as { originalResponse?: { getBody(): string } }).originalResponse?.getBody() ?? '',
  )
  try {
    return (JSON.parse(text) as { title: string }).title
  } catch {
    return 'The connection was lost. Try again: it goes on where it was.'
  }
}
