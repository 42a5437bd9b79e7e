import * as messages from '@/lib/generated/messages/api-reference'
import { CodeBlock } from './code-block'
import type { TryItResult } from './use-try-it'

/** What the server responded. */
export const ResponseView = ({ result }: { result: TryItResult }) => (
  <div className="mt-3 overflow-hidden rounded-xl border bg-card">
    <p role="status" className="border-b px-4 py-2.5 tabular-nums">
      <span className={`font-mono font-medium ${result.isOk ? 'text-primary' : 'text-destructive'}`}>
        {result.status || messages.noResponse()}
      </span>
      <span className="text-muted-foreground">
        {' '}
        · {messages.milliseconds({ milliseconds: String(result.milliseconds) })}
      </span>
      {result.isCut && <span className="text-muted-foreground"> · {messages.isCut()}</span>}
    </p>
    {result.text && <CodeBlock label={messages.responseBody()} text={result.text} />}
  </div>
)
