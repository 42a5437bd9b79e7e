import { pageAdministrator } from '@/app/server/page-identity'
import { Section } from '@/app/components/section'
import { When } from '@/app/components/when'
import { db } from '@/lib/db'
import { healthText } from '@/lib/health-words'
import { serverStatus } from '@/lib/server-status'
import { sizeText } from '@/lib/sizes'
import { Refresh } from '@/app/components/refresh'

export const metadata = { title: 'This server' }

/** For administrators: what is missing, who works, and how much there is. */
export default async function AdminPage() {
  await pageAdministrator()
  const { missing, warnings, workers, tasks, videos, people, disk, hosts, machines } =
    await serverStatus(db())
  const problems = [...missing, ...warnings]
  const figures = [
    ['Waiting', tasks.queued],
    ['In progress', tasks.inProgress],
    ['Failed in 24 h', tasks.failedToday],
    ['Videos', videos.count],
    ['Machines', machines],
    ['Uploaded', sizeText(videos.sourceBytes)],
    ['Disk free', sizeText(disk.freeBytes)],
    ['People', people],
  ] as const
  return (
    <div className="flex flex-col gap-8">
      <Refresh everySeconds={5} />
      <h1 className="text-2xl font-semibold">This server</h1>
      {problems.length === 0 ? (
        <p className="rounded-xl border bg-card px-4 py-3">
          All is well: the database answers, a worker is running, and uploaded files are opened in a sandbox.
        </p>
      ) : (
        problems.map((what) => (
          <div
            key={what}
            role="alert"
            className="rounded-xl border-2 border-destructive bg-destructive/10 px-5 py-4"
          >
            <p className="text-lg font-semibold text-destructive">{healthText(what)}</p>
            {what.startsWith('sandbox') && (
              <p className="mt-1">
                Without a sandbox, a video made to attack ffmpeg could read files of this machine and reach
                its network. Install bubblewrap, allow unprivileged user namespaces, and leave MEDIA_SANDBOX
                on; <code className="font-mono text-sm">npm run doctor</code> tells when it works.
              </p>
            )}
          </div>
        ))
      )}
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {figures.map(([name, figure]) => (
          <div key={name} className="rounded-xl border bg-card px-4 py-3">
            <dt className="text-sm text-muted-foreground">{name}</dt>
            <dd className="text-xl font-semibold tabular-nums">{figure}</dd>
          </div>
        ))}
      </dl>
      <Section title="Hosts of machines">
        {hosts.length === 0 ? (
          <p className="text-muted-foreground">None yet: a worker that runs machines shows up here.</p>
        ) : (
          <ul className="divide-y rounded-xl border bg-card">
            {hosts.map((host) => (
              <li key={host.id} className="px-4 py-2">
                <p className="flex flex-wrap gap-x-4">
                  <span className="grow font-medium">{host.name}</span>
                  <span className="text-sm text-muted-foreground tabular-nums">
                    {host.machines} machines · seen <When at={host.seenAt} />
                  </span>
                </p>
                <p className="text-sm text-muted-foreground">
                  {host.version} · {host.note}
                </p>
                {host.problem && <p className="text-sm text-destructive">{host.problem}</p>}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Workers">
        {workers.length === 0 ? (
          <p className="text-muted-foreground">None has run within a day.</p>
        ) : (
          <ul className="divide-y rounded-xl border bg-card">
            {workers.map(({ id, seenAt, problem }) => (
              <li key={id} className="flex min-h-10 flex-wrap items-center gap-x-4 px-4 py-2">
                <code className="grow font-mono text-sm">{id}</code>
                {problem && <span className="text-sm text-destructive">{problem}</span>}
                <span className="text-sm text-muted-foreground">
                  seen <When at={seenAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}
