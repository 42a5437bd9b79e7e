'use client'

import { ChevronRight } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import type { WebhookDeliveryDto } from '@/lib/webhooks/schema'
import * as messages from '@/lib/generated/messages/webhooks'
import { deliveryStateLabels, formatLatency } from './format'

interface Props {
  delivery: WebhookDeliveryDto
  canReplay: boolean
  onReplay(): void
}

/** One delivery, which expands to its attempts and payload. */
export function DeliveryRow({ delivery, canReplay, onReplay }: Props) {
  const { state, log, nextAttemptAt } = delivery
  const lastAttempt = log[0]
  const stateClass = state === 'failed' ? 'text-destructive' : 'text-muted-foreground'
  return (
    <li>
      <details className="group">
        <summary
          data-row={delivery.id}
          className="flex min-h-10 cursor-pointer list-none items-center gap-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
        >
          <ChevronRight
            className="size-4 shrink-0 text-muted-foreground transition-transform group-open:rotate-90 rtl:not-group-open:-scale-x-100"
            aria-hidden
          />
          <span className="min-w-0 grow truncate font-mono text-sm">{delivery.type}</span>
          <span className={`shrink-0 text-sm tabular-nums ${stateClass}`}>
            {deliveryStateLabels[state]()}
            {lastAttempt?.status && ` · ${lastAttempt.status}`}
            {lastAttempt && <span className="max-sm:hidden"> · {formatLatency(lastAttempt.latencyMs)}</span>}
          </span>
          <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:hidden">
            <RelativeTime at={delivery.createdAt} />
          </span>
        </summary>
        <div className="flex flex-col gap-3 border-t bg-muted/40 px-4 py-3">
          <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
            <span className="min-w-0 text-muted-foreground">
              webhook-id <code className="font-mono text-xs break-all">{delivery.id}</code>
            </span>
            {state !== 'waiting' && canReplay && (
              <Button size="sm" onClick={onReplay}>
                {messages.resend()}
              </Button>
            )}
            {state === 'waiting' && nextAttemptAt && (
              <span>{messages.nextAttempt({ time: () => <DateTime at={nextAttemptAt} /> })}</span>
            )}
          </div>
          {log.length > 0 && <AttemptList log={log} />}
          <pre
            aria-label={messages.payload()}
            className="rounded-md border bg-card p-3 font-mono text-xs break-all whitespace-pre-wrap"
          >
            {prettyJson(delivery.body)}
          </pre>
        </div>
      </details>
    </li>
  )
}

function AttemptList({ log }: Pick<WebhookDeliveryDto, 'log'>) {
  return (
    <ol aria-label={messages.attempts()} className="flex flex-col gap-1.5 text-sm">
      {log.map((attempt) => (
        <li key={attempt.at} className="flex flex-col gap-0.5">
          <span className="flex flex-wrap gap-x-3 tabular-nums">
            <RelativeTime at={attempt.at} />
            <span className={attempt.error ? 'text-destructive' : ''}>
              {attempt.error ?? messages.responded({ status: String(attempt.status) })}
            </span>
            <span className="text-muted-foreground">{formatLatency(attempt.latencyMs)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

const prettyJson = (body: string) => JSON.stringify(JSON.parse(body), null, 2)
