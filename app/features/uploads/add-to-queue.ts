import { toast } from '@/app/ui/toast'
import * as messages from '@/lib/generated/messages/uploading'
import { describeRefusal, MAX_REFUSED_FILES, type RefusedFile } from '@/lib/uploads/refusal-reasons'
import type { UppyInstance } from './create-uppy'
import { isSidecar, isSidecarOf, sidecarMessage, uploadSidecar } from './sidecars'
import { findRefusal } from './validate-file'

/** A folder may hold many files that are not videos. */
const MAX_TOASTS = 2

interface QueueOptions {
  files: File[]
  maxBytes: number
  /** The video whose file is replaced. */
  replacesId?: string
}

/**
 * Queues videos with their subtitle files, and shows which files were skipped. Other subtitle files are imported into the
 * video whose page is open.
 */
export const addToQueue = (uppy: UppyInstance, options: QueueOptions) => showProblems(enqueue(uppy, options))

/** @returns one message per file that was skipped */
function enqueue(uppy: UppyInstance, { files, maxBytes, replacesId }: QueueOptions) {
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
