import { BackLink } from '@/app/ui/back-link'
import { Disclosure } from '@/app/ui/disclosure'
import { Section } from '@/app/ui/section'
import * as messages from '@/lib/generated/messages/api-reference'
import { CodeBlock } from './code-block'
import { FieldTable } from './field-table'
import { MethodBadge } from './method-badge'
import type { Operation } from './operations'
import { TryIt } from './try-it'

interface Props {
  operation: Operation
  /** Whether there is a session, with which the request can be sent. */
  canTry: boolean
}

/** What an operation takes and returns, with examples, and a form that sends it. */
export const OperationPage = ({ operation, canTry }: Props) => {
  const { method, path, summary, scope, parameters, body, response } = operation
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-8">
      <div>
        <BackLink href="/docs/api">{messages.api()}</BackLink>
        <h1 className="text-2xl font-semibold text-balance">{summary}</h1>
        <p className="mt-2 break-words">
          <MethodBadge method={method} /> <code className="font-mono">{path.replaceAll('/', '/\u200b')}</code>
        </p>
        <p className="mt-1 text-sm text-muted-foreground">{describeScope(scope)}</p>
      </div>
      {parameters.length > 0 && (
        <Section title={messages.parameters()}>
          <FieldTable
            label={messages.parameters()}
            fields={parameters.map((parameter) => ({ ...parameter.field, place: parameter.in }))}
          />
        </Section>
      )}
      {body && (
        <Section title={messages.body()}>
          <FieldTable label={messages.body()} fields={body.fields} />
        </Section>
      )}
      <Section title={messages.response()}>
        <p className="mb-3">
          <code className="font-mono">{response.status}</code> {response.description}
          {response.type && response.type !== 'application/json' && (
            <>
              {' · '}
              <code className="font-mono">{response.type}</code>
            </>
          )}
          . {messages.errors({ code: (children) => <code className="font-mono">{children}</code> })}
        </p>
        {response.fields.length > 0 && (
          <div className="flex flex-col gap-3">
            <Disclosure summary={messages.fields()}>
              <FieldTable label={messages.response()} fields={response.fields} isInside />
            </Disclosure>
            <Disclosure summary={messages.example()}>
              <CodeBlock label={messages.example()} text={JSON.stringify(response.example, null, 2)} />
            </Disclosure>
          </div>
        )}
      </Section>
      <TryIt operation={operation} canTry={canTry} />
    </div>
  )
}

const describeScope = (scope: string | null) =>
  scope === null
    ? messages.public()
    : scope === 'admin'
      ? messages.forAdministrators()
      : scope === 'all'
        ? messages.needsAll()
        : messages.needsScope({ scope })
