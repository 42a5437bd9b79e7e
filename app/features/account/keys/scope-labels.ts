import * as messages from '@/lib/generated/messages/account'
import type { ApiScope } from '@/lib/accounts/scopes'

export const scopeLabels: Record<ApiScope, { name: () => string; description: () => string }> = {
  all: { name: messages.scopeAll, description: messages.scopeAllHint },
  read: { name: messages.scopeRead, description: messages.scopeReadHint },
  upload: { name: messages.scopeUpload, description: messages.scopeUploadHint },
  machines: { name: messages.scopeMachines, description: messages.scopeMachinesHint },
  admin: { name: messages.scopeAdmin, description: messages.scopeAdminHint },
}

/** "Read, Upload" */
export const describeScopes = (scopes: readonly ApiScope[]) =>
  scopes.map((scope) => scopeLabels[scope].name()).join(', ') || messages.scopeNothing()
