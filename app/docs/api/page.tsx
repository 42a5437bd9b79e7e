import { BackLink } from '@/app/ui/back-link'
import { ApiIndex } from '@/app/features/api-reference/api-index'
import { listOperations } from '@/app/features/api-reference/operations'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'API' }

/** The index of the API reference; the full schemas are in /api/openapi.json. */
export default function ApiDocsPage() {
  return (
    <div className="mx-auto max-w-4xl">
      <BackLink href="/">Home</BackLink>
      <h1 className="text-2xl font-semibold">API</h1>
      <p className="mt-2 max-w-2xl text-muted-foreground">
        Authenticate with <code className="font-mono">Authorization: Bearer KEY</code>; create keys in your
        account settings. The schemas are in{' '}
        <a className="text-primary underline" href="/api/openapi.json">
          openapi.json
        </a>
        . Resumable uploads use tus 1.0 at <code className="font-mono">/api/uploads</code>. The command line
        tool is <code className="font-mono">npx meanwhile</code>.
      </p>
      <ApiIndex operations={listOperations()} />
    </div>
  )
}
