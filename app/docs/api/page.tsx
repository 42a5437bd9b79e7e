import { BackLink } from '@/app/ui/back-link'
import { ApiIndex } from '@/app/features/api-reference/api-index'
import { listOperations } from '@/app/features/api-reference/operations'
import * as messages from '@/lib/generated/messages/api-reference'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: messages.api() })

/** The index of the API reference; the full schemas are in /api/openapi.json. */
export default function ApiDocsPage() {
  return (
    <div className="mx-auto max-w-4xl">
      <BackLink href="/">{messages.home()}</BackLink>
      <h1 className="text-2xl font-semibold">{messages.api()}</h1>
      <p className="mt-2 max-w-2xl text-muted-foreground">
        {messages.intro({
          code: (children) => <code className="font-mono">{children}</code>,
          link: (children) => (
            <a className="text-primary underline" href="/api/openapi.json">
              {children}
            </a>
          ),
        })}
      </p>
      <ApiIndex operations={listOperations()} />
    </div>
  )
}
