'use client'

import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react'
import { loadLater } from '@/app/ui/load-later'
import { toast } from '@/app/ui/toast'
import { useBeforeunload } from '@/app/ui/use-beforeunload'
import { describeRefusal, MAX_REFUSED_FILES, type RefusedFile } from '@/lib/uploads/refusal-reasons'
import * as messages from '@/lib/generated/messages/uploads'
import type { UppyInstance } from './create-uppy'
import { FileInput } from './file-input'
import { isSidecar, isSidecarOf, SIDECAR_FILES, sidecarMessage, uploadSidecar } from './sidecars'
import { SharedItems } from './shared-items'
import { UploadDock } from './upload-dock'
import { usePageDrop } from './use-page-drop'
import { useUploadFiles } from './use-upload-files'
import { findRefusal } from './validate-file'

interface Uploads {
  addFiles(files: File[]): void
  /** Uploads a file that replaces that of a video. */
  replaceFile(videoId: string, file: File): void
  /** Opens the system's file picker. */
  openFilePicker(): void
  /** Opens the dialog that imports a link, with `url` filled in. */
  openImportDialog(url?: string): void
  /** Whether files are being uploaded, or wait for the connection. */
  isUploading: boolean
  /** Encrypted archives that this page has uploaded. */
  archiveCount: number
}

/** Media whose types operating systems do not know as such. */
const OTHER_MEDIA_FILES =
  '.mkv,.ts,.mts,.m2t,.m2ts,.mod,.tod,.vob,.mxf,.dv,.gif,.apng,.png,.h264,.m2v,.ivf,.ac3,.dts,.au,.caf,.w64,.rf64,.wv'

/** A folder may hold many files that are not videos. */
const MAX_TOASTS = 2

const ImportDialog = loadLater(async () => (await import('./import-dialog')).ImportDialog)

const UploadContext = createContext<Uploads | null>(null)
export function useUploads() {
  const uploads = useContext(UploadContext)
  if (!uploads) throw new Error('useUploads needs an UploadProvider above it')
  return uploads
}

/** Uploads files that are dropped, pasted or chosen on any page. */
export function UploadProvider({ maxBytes, children }: { maxBytes: number; children: ReactNode }) {
  const { files, setFiles, withUppy } = useUploadFiles()
  const picker = useRef<HTMLInputElement>(null)
  const [importUrl, setImportUrl] = useState<string | null>(null)
  const archiveCount = files.filter(({ isArchive }) => isArchive).length
  const isUploading = files.some(({ state }) => state === 'sending' || state === 'paused')
  const uploads = useMemo<Uploads>(
    () => ({
      isUploading,
      archiveCount,
      openFilePicker: () => picker.current?.click(),
      openImportDialog: (url = '') => setImportUrl(url),
      replaceFile: (videoId, file) =>
        withUppy((uppy) => showProblems(addToQueue(uppy, { files: [file], maxBytes, replacesId: videoId }))),
      addFiles: (added) => withUppy((uppy) => showProblems(addToQueue(uppy, { files: added, maxBytes }))),
    }),
    [withUppy, maxBytes, isUploading, archiveCount],
  )
  const isDragOver = usePageDrop(uploads.addFiles)
  useBeforeunload(files.some((file) => file.state === 'sending'))
  return (
    <UploadContext value={uploads}>
      {children}
      <FileInput
        ref={picker}
        accept={`video/*,audio/*,.age,${OTHER_MEDIA_FILES},${SIDECAR_FILES}`}
        aria-label={messages.files()}
        data-testid="file-input"
        onFiles={uploads.addFiles}
      />
      {isDragOver && (
        // Covers the page so that the drop target cannot disappear: the browser would then open the files itself.
        <div className="fixed inset-0 z-50 grid p-3">
          <div className="grid place-items-center rounded-xl border-2 border-dashed border-primary bg-background/90 text-xl font-semibold">
            {messages.drop()}
          </div>
        </div>
      )}
      {importUrl !== null && <ImportDialog initialUrl={importUrl} onClose={() => setImportUrl(null)} />}
      <SharedItems {...uploads} />
      <UploadDock
        files={files}
        onPause={(id) => withUppy((uppy) => uppy.pauseResume(id))}
        onRetry={(id) => withUppy((uppy) => void uppy.retryUpload(id))}
        onRemove={(id) => {
          withUppy((uppy) => uppy.removeFile(id))
          setFiles((current) => current.filter((file) => file.id !== id))
        }}
      />
    </UploadContext>
  )
}

/**
 * Queues videos with their subtitle files. Other subtitle files are imported into the video whose page is open.
 * @returns one message per file that was skipped
 */
function addToQueue(
  uppy: UppyInstance,
  { files, maxBytes, replacesId }: { files: File[]; maxBytes: number; replacesId?: string },
) {
  const sidecars = files.filter(isSidecar)
  const videos = files.filter((file) => !isSidecar(file))
  const refused: (RefusedFile & { filename: string })[] = []
  const problems = videos.flatMap((file) => {
    const own = sidecars.filter((sidecar) => isSidecarOf(sidecar, file))
    const refusal = findRefusal(file, maxBytes)
    if (refusal) refused.push({ ...refusal, filename: file.name })
    const problem = refusal
      ? describeRefusal(refusal, maxBytes)
      : enqueueFile(uppy, { file, sidecars: own, replacesId })
    return problem ? `${file.name}: ${problem}` : []
  })
  reportRefusedFiles(refused)
  const unmatched = sidecars.filter((sidecar) => !videos.some((video) => isSidecarOf(sidecar, video)))
  const videoId = getCurrentVideoId()
  if (videoId) {
    for (const sidecar of unmatched) void addSidecarToVideo(videoId, sidecar)
    return problems
  }
  return [...problems, ...unmatched.map(({ name }) => messages.noMatchingVideo({ name }))]
}

/** Leaves a trace of refused files in the activity of the user. A folder may hold many: of them, the first ones. */
function reportRefusedFiles(refused: readonly (RefusedFile & { filename: string })[]) {
  if (refused.length === 0) return
  void fetch('/api/v1/refused-files', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files: refused.slice(0, MAX_REFUSED_FILES) }),
    // The user has read why, and the next file does not depend on it.
  }).catch(() => undefined)
}

function showProblems(problems: string[]) {
  for (const problem of problems.slice(0, MAX_TOASTS)) toast.error(problem)
  const more = problems.length - MAX_TOASTS
  if (more > 0) toast.error(messages.moreSkipped({ count: more }))
}

/** @returns an error message, or null on success */
function enqueueFile(
  uppy: UppyInstance,
  { file, sidecars, replacesId = '' }: { file: File; sidecars: File[]; replacesId?: string },
) {
  try {
    // The path is a part of the id: a file may replace that of several videos.
    const meta = {
      relativePath: replacesId || file.webkitRelativePath || null,
      sidecars,
      replaces: replacesId,
    }
    uppy.addFile({ name: file.name, type: file.type, data: file, meta })
    return null
  } catch {
    return messages.alreadyListed()
  }
}

const getCurrentVideoId = () => /^\/videos\/([\da-f-]{36})/.exec(window.location.pathname)?.[1]

async function addSidecarToVideo(videoId: string, file: File) {
  const result = await uploadSidecar(videoId, file)
  const text = `${file.name}: ${sidecarMessage(result)}`
  if (result.caption && result.problems.length === 0) toast.success(text)
  else toast.error(text)
}
