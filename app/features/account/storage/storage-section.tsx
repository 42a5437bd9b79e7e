import * as messages from '@/lib/generated/messages/storage'
import { Disclosure } from '@/app/ui/disclosure'
import { Link } from '@/app/ui/link'
import { formatBytes } from '@/lib/text/format-bytes'
import type { StorageDto } from '@/lib/uploads/storage-breakdown-schema'
import { listParts } from './list-parts'

/** How much of the quota is used, by what, and by which videos. Rendered by the server. */
export function StorageSection({ storage }: { storage: StorageDto }) {
  const { usedBytes, limitBytes, trashBytes, videos } = storage
  const parts = listParts(storage)
  const shown = videos.filter(({ totalBytes }) => totalBytes > 0)
  return (
    <section
      id="storage"
      aria-label={messages.storage()}
      className="flex max-w-xl scroll-mt-20 flex-col gap-3"
    >
      <div>
        <h2 className="text-lg font-semibold">{messages.storage()}</h2>
        <p className="text-muted-foreground tabular-nums">
          {messages.used({ used: formatBytes(usedBytes), limit: formatBytes(limitBytes) })}
        </p>
      </div>
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-full bg-muted">
        {parts.map(({ name, bytes, color }) => (
          <div
            key={name}
            className={color}
            style={{ width: `${(bytes / Math.max(usedBytes, limitBytes)) * 100}%` }}
          />
        ))}
      </div>
      <ul aria-label={messages.usedBy()} className="flex flex-wrap gap-x-4 gap-y-1 text-sm tabular-nums">
        {parts.map(({ name, bytes, color }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-full ${color}`} />
            {name} <span className="text-muted-foreground">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {trashBytes > 0 && (
        <p className="text-sm text-muted-foreground tabular-nums">
          {messages.inTrash({
            size: formatBytes(trashBytes),
            link: (children) => (
              <Link href="/videos?deleted=true" className="underline underline-offset-4">
                {children}
              </Link>
            ),
          })}
        </p>
      )}
      {shown.length > 0 && (
        <Disclosure summary={messages.largestVideos()}>
          <ul aria-label={messages.largestVideos()} className="divide-y">
            {shown.map((video) => (
              <li key={video.id} className="flex flex-col gap-0.5 px-4 py-2">
                <div className="flex items-baseline justify-between gap-4">
                  <Link
                    href={`/videos/${video.id}`}
                    data-row={video.id}
                    dir="auto"
                    className="min-w-0 truncate hover:underline"
                  >
                    {video.title}
                  </Link>
                  <span className="shrink-0 tabular-nums">{formatBytes(video.totalBytes)}</span>
                </div>
                <p className="text-sm text-muted-foreground tabular-nums">
                  {[
                    ...(video.isInTrash ? [messages.deleted()] : []),
                    ...listParts(video).map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`),
                  ].join(' · ')}
                </p>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </section>
  )
}
