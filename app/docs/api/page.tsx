import { BackLink } from '@/app/ui/back-link'
import { config } from '@/lib/config/config'
import { openApiDocument } from '@/lib/openapi'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'API' }

/** A readable list of the API’s operations; the full schemas are in /api/openapi.json. */
export default function ApiDocsPage() {
  const { paths } = openApiDocument(config().publicUrl)
  const operations = Object.entries(paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method]
      return operation ? [{ path, method, summary: operation.summary }] : []
    }),
  )
  return (
    <div className="mx-auto max-w-4xl px-4 py-10">
      <BackLink href="/">Home</BackLink>
      <h1 className="text-2xl font-semibold">API</h1>
      <p className="mt-2 text-muted-foreground">
        Authenticate with <code className="font-mono">Authorization: Bearer KEY</code>. The schemas are in{' '}
        <a className="text-primary underline" href="/api/openapi.json">
          openapi.json
        </a>
        . Resumable uploads use tus 1.0 at <code className="font-mono">/api/uploads</code>.
      </p>
      <ul className="mt-6 divide-y rounded-xl border bg-card">
        {operations.map(({ path, method, summary }) => (
          <li key={`${method} ${path}`} className="grid px-4 py-2.5 sm:grid-cols-[24rem_minmax(0,1fr)]">
            <code className="font-mono text-sm break-all">
              <span className="inline-block w-16 text-primary uppercase">{method}</span>
              {path}
            </code>
            <span className="text-muted-foreground">{summary}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
