import { Link } from '@/app/ui/link'
import { formatDuration } from '@/app/ui/format'
import { kinds } from '@/lib/kinds'
import * as messages from '@/lib/generated/messages/admin-queues'

/** The queue options of each task kind, which QUEUE_OPTIONS overrides. */
export function QueueSettings() {
  return (
    <div className="overflow-x-auto" role="region" aria-label={messages.settings()}>
      <table className="w-full text-sm whitespace-nowrap tabular-nums">
        <thead>
          <tr className="border-b text-start text-muted-foreground">
            {[
              messages.kind(),
              messages.concurrency(),
              messages.startsPerSecond(),
              messages.priority(),
              messages.attempts(),
              messages.maxCrashes(),
              messages.retryDelay(),
              messages.expires(),
              messages.heartbeat(),
              messages.retention(),
            ].map((name) => (
              <th key={name} className="px-3 py-2 font-medium first:ps-4">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {kinds.map(({ name, queue }) => (
            <tr key={name}>
              <td className="py-1.5 ps-4 pe-3 font-mono text-xs">
                <Link href={`/admin/tasks?kind=${name}`} className="hover:underline">
                  {name}
                </Link>
              </td>
              {[
                messages.perWorker({ count: queue.concurrency }),
                queue.startsPerSecond ?? messages.unlimited(),
                queue.priority,
                queue.maxAttempts,
                queue.maxDeaths,
                messages.retryDelayRange({
                  first: formatDuration(queue.retryDelaySeconds),
                  last: formatDuration(queue.retryDelayMaxSeconds),
                }),
                formatDuration(queue.expireSeconds),
                formatDuration(queue.heartbeatSeconds),
                formatDuration(queue.retentionSeconds),
              ].map((value, n) => (
                <td key={n} className="px-3 py-1.5 text-muted-foreground">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
