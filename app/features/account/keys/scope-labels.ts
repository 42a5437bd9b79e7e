import type { ApiScope } from '@/lib/accounts/scopes'

export const scopeLabels: Record<ApiScope, { name: string; description: string }> = {
  all: { name: 'Full access', description: 'Everything that you may do, now and later.' },
  read: { name: 'Read', description: 'See videos, captions, machines, tasks, and their events.' },
  upload: { name: 'Upload', description: 'Upload videos and captions, and request captions.' },
  machines: { name: 'Machines', description: 'Create, change, and use machines, consoles, and ports.' },
  admin: { name: 'Administration', description: 'Manage keys, and the server if you are an administrator.' },
}

/** "Read, Upload" */
export const describeScopes = (scopes: readonly ApiScope[]) =>
  scopes.map((scope) => scopeLabels[scope].name).join(', ') || 'Nothing'
