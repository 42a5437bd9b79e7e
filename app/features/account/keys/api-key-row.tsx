import * as messages from '@/lib/generated/messages/account'
import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import { useNow } from '@/app/ui/use-now'
import type { KeyDto } from '@/lib/accounts/key-schema'
import { describeScopes } from './scope-labels'

const UPDATE_INTERVAL_MS = 60_000

interface Props {
  apiKey: KeyDto
  onRevoke(): void
}

export function ApiKeyRow({ apiKey, onRevoke }: Props) {
  const { name, start, scopes, expiresAt, lastUsedAt } = apiKey
  const now = useNow(UPDATE_INTERVAL_MS)
  const isExpired = expiresAt !== null && Date.parse(expiresAt) < now
  return (
    <li className="flex min-h-12 items-center gap-3 px-4 py-2">
      <span className="min-w-0 grow">
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="truncate" dir="auto">
            {name}
          </span>
          <code className="shrink-0 font-mono text-xs text-muted-foreground">{start}…</code>
        </span>
        <span className="block text-sm text-muted-foreground">
          {describeScopes(scopes)} ·{' '}
          {lastUsedAt
            ? messages.lastUsed({ time: () => <RelativeTime at={lastUsedAt} /> })
            : messages.neverUsed()}
          {expiresAt && (
            <span suppressHydrationWarning className={isExpired ? 'text-destructive' : undefined}>
              {' · '}
              {(isExpired ? messages.expiredOn : messages.expiresOn)({
                date: () => <DateTime at={expiresAt} style="date" />,
              })}
            </span>
          )}
        </span>
      </span>
      <Button
        variant="ghost"
        size="sm"
        data-row={apiKey.id}
        aria-label={messages.revokeKeyNamed({ name: name ?? '', start: start ?? '' })}
        onClick={onRevoke}
      >
        {messages.revoke()}
      </Button>
    </li>
  )
}
