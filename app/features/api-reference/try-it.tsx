'use client'

import { type FormEvent, useId, useState } from 'react'
import { buildPath } from '@/client/request-path'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Field } from '@/app/ui/field'
import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import * as messages from '@/lib/generated/messages/api-reference'
import type { Operation } from './operations'
import { ParameterField } from './parameter-field'
import { ResponseView } from './response-view'
import { useTryIt } from './use-try-it'

interface Props {
  operation: Operation
  canTry: boolean
}

/** Sends the operation with the session of the user, or copies it as a curl command. */
export function TryIt({ operation, canTry }: Props) {
  const { method, path, parameters, body, takesFile, response } = operation
  const id = useId()
  const [values, setValues] = useState<Record<string, string>>({})
  const [text, setText] = useState(body ? JSON.stringify(body.example, null, 2) : '')
  const [isConfirming, setConfirming] = useState(false)
  const { result, isSending, send } = useTryIt()
  const pick = (place: string) =>
    Object.fromEntries(
      parameters.filter((one) => one.in === place).map(({ name }) => [name, values[name] ?? '']),
    )
  const parsed = body ? parseJson(text) : { value: undefined, error: null }
  const missing = parameters.filter(({ name, isRequired }) => isRequired && !values[name])
  const isPath = !Object.values(pick('path')).some((value) => ['', '.', '..'].includes(value))
  const request = isPath
    ? {
        url: buildPath(path, pick('path'), pick('query')),
        method,
        body: parsed.value,
        headers: withoutEmpty(pick('header')),
      }
    : null
  const isAdmin = operation.scope === 'admin'
  const reason = takesFile
    ? messages.takesFile()
    : response.type && response.type !== 'application/json'
      ? messages.noJsonResponse()
      : null
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!request) return
    if (method === 'GET') void send(request)
    else setConfirming(true)
  }
  return (
    <Section title={messages.tryIt()}>
      <form onSubmit={submit} className="flex flex-col gap-4 rounded-xl border bg-card p-4">
        {parameters.map((parameter) => (
          <ParameterField
            key={`${parameter.in} ${parameter.name}`}
            parameter={parameter}
            value={values[parameter.name] ?? ''}
            onChange={(value) => setValues((before) => ({ ...before, [parameter.name]: value }))}
          />
        ))}
        {body && (
          <Field id={`${id}-body`} label={messages.body()} hint={parsed.error ?? undefined}>
            <textarea
              id={`${id}-body`}
              spellCheck={false}
              aria-invalid={parsed.error !== null}
              rows={Math.min(16, text.split('\n').length + 1)}
              className="w-full rounded-md border bg-background px-3 py-2 font-mono text-sm max-sm:text-lg"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
        )}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="text-sm text-muted-foreground">
            {!canTry
              ? messages.signInToSend({
                  link: (children) => (
                    <Link className="text-primary underline" href="/sign-in">
                      {children}
                    </Link>
                  ),
                })
              : (reason ?? messages.sentWithSession({ isAdmin: String(isAdmin) }))}
          </p>
          <div className="ms-auto flex gap-2">
            {request && !parsed.error && (
              <CopyAsCurl
                size="default"
                actions={[
                  { label: operation.summary, request: takesFile ? { ...request, file: 'FILE' } : request },
                ]}
              />
            )}
            <Button
              type="submit"
              variant={method === 'DELETE' ? 'destructive' : 'default'}
              disabled={
                !canTry ||
                reason !== null ||
                isSending ||
                parsed.error !== null ||
                missing.length > 0 ||
                !request
              }
            >
              {isSending ? messages.sending() : messages.send()}
            </Button>
          </div>
        </div>
      </form>
      {result && <ResponseView result={result} />}
      <ConfirmDialog
        title={messages.confirmSendTitle({ summary: operation.summary })}
        description={messages.confirmSend({
          request: `${method} ${request?.url ?? path}`,
          code: (children) => <code className="font-mono break-all">{children}</code>,
          isAdmin: String(isAdmin),
          isDelete: String(method === 'DELETE'),
        })}
        confirmLabel={messages.send()}
        isOpen={isConfirming}
        onOpenChange={setConfirming}
        onConfirm={() => request && void send(request)}
      />
    </Section>
  )
}

const withoutEmpty = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

function parseJson(text: string): { value: object | undefined; error: string | null } {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && value !== null) return { value, error: null }
  } catch {
    // Reported below.
  }
  return { value: undefined, error: messages.notAnObject() }
}
