import type { CaptionDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import type { EditorDocument } from './editor-document'
import { buildCueChange } from './rebase'

export const serverUnreachable = () => ({ text: messages.serverNotResponding(), isFinal: false })

export type SaveResult =
  | { revision: number; caption: CaptionDto; code?: undefined; problem?: undefined }
  | { revision?: undefined; code?: string; problem: { text: string; isFinal: boolean } }

/** A save whose response has not arrived. */
export interface PendingSave {
  cues: EditorDocument['cues']
  result: Promise<SaveResult>
}

/** Sends the unsaved changes of a document. `isUnloading` lets the request outlive the page. Never rejects. */
export async function saveChanges(
  captionId: string,
  { stored, cues, revision }: EditorDocument,
  { isUnloading = false } = {},
): Promise<SaveResult> {
  const response = await fetch(`/api/v1/captions/${captionId}/cues`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ baseRevision: revision, ...buildCueChange(stored, cues) }),
    keepalive: isUnloading,
  }).catch(() => null)
  if (!response || response.status >= 500) return { problem: serverUnreachable() }
  const body = (await response.json().catch(() => null)) as Record<string, never> | null
  if (!body) return { problem: serverUnreachable() }
  if (response.ok) return body as unknown as { revision: number; caption: CaptionDto }
  const { code, title = '', detail = '' } = body as { code?: string; title?: string; detail?: string }
  return { code, problem: { text: `${title} ${detail}`.trim(), isFinal: true } }
}
