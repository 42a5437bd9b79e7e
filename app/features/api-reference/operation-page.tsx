import { BackLink } from '@/app/ui/back-link'
import { Disclosure } from '@/app/ui/disclosure'
import { Section } from '@/app/ui/section'
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
        <BackLink href="/docs/api">API</BackLink>
        <h1 className="text-2xl font-semibold text-balance">{summary}</h1>
        <p className="mt-2 break-words">
          <MethodBadge method={method} /> <code className="font-mono">{path.replaceAll('/', '/\u200b')}</code>
        </p>
        <p className="mt-1 text-sm text-muted-foreground">{describeScope(scope)}</p>
      </div>
      {parameters.length > 0 && (
        <Section title="Parameters">
          <FieldTable
            label="Parameters"
            fields={parameters.map((parameter) => ({ ...parameter.field, place: parameter.in }))}
          />
        </Section>
      )}
      {body && (
        <Section title="Body">
          <FieldTable label="Body" fields={body.fields} />
        </Section>
      )}
      <Section title="Response">
        <p className="mb-3">
          <code className="font-mono">{response.status}</code> {response.description}
          {response.type && response.type !== 'application/json' && (
            <>
              {' · '}
              <code className="font-mono">{response.type}</code>
            </>
          )}
          . Errors are problem details (RFC 9457) with a stable <code className="font-mono">code</code>.
        </p>
        {response.fields.length > 0 && (
          <div className="flex flex-col gap-3">
            <Disclosure summary="Fields">
              <FieldTable label="Response" fields={response.fields} isInside />
            </Disclosure>
            <Disclosure summary="Example">
              <CodeBlock label="Example" text={JSON.stringify(response.example, null, 2)} />
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
    ? 'Public: needs no API key.'
    : scope === 'admin'
      ? 'For administrators. An API key needs the scope admin, or all.'
      : scope === 'all'
        ? 'An API key needs the scope all.'
        : `An API key needs the scope ${scope}, or all.`
