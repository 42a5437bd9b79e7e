import { Link } from '@/app/ui/link'
import { formatDuration } from '@/app/ui/format'
import { kinds } from '@/lib/kinds'

/** The queue options of each task kind, which QUEUE_OPTIONS overrides. */
export function QueueSettings() {
  return (
    <div className="overflow-x-auto" role="region" aria-label="Settings">
      <table className="w-full text-sm whitespace-nowrap tabular-nums">
        <thead>
          <tr className="border-b text-left text-muted-foreground">
            {[
              'Kind',
              'Concurrency',
              'Starts/s',
              'Priority',
              'Attempts',
              'Max crashes',
              'Retry delay',
              'Expires',
              'Heartbeat',
              'Retention',
            ].map((name) => (
              <th key={name} className="px-3 py-2 font-medium first:pl-4">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {kinds.map(({ name, queue }) => (
            <tr key={name}>
              <td className="py-1.5 pr-3 pl-4 font-mono text-xs">
                <Link href={`/admin/tasks?kind=${name}`} className="hover:underline">
                  {name}
                </Link>
              </td>
              {[
                `${queue.concurrency} per worker`,
                queue.startsPerSecond ?? 'unlimited',
                queue.priority,
                queue.maxAttempts,
                queue.maxDeaths,
                `${formatDuration(queue.retryDelaySeconds)}, doubling to ${formatDuration(queue.retryDelayMaxSeconds)}`,
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
