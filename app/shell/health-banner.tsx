'use client'

import * as messages from '@/lib/generated/messages/shell'
import { ShieldAlert } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useEffect, useState } from 'react'
import type { Health } from '@/lib/health/queries'
import { healthMessage } from '@/lib/health/health-messages'

const CHECK_INTERVAL_MS = 15_000

/** Shows administrators the first problem of the server, on every page. */
export function HealthBanner() {
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    const check = () =>
      void fetch('/api/health')
        .then((response) => response.json() as Promise<Partial<Health>>)
        .then(
          ({ missing = [], warnings = [] }) =>
            setProblem([...missing, ...warnings].map(healthMessage)[0] ?? null),
          () => undefined,
        )
    check()
    const timer = setInterval(check, CHECK_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [])
  if (!problem) return null
  return (
    <p
      role="alert"
      className="border-b border-destructive bg-destructive/10 px-4 py-2 text-center text-sm font-medium"
    >
      <ShieldAlert className="me-1.5 inline size-4 text-destructive" aria-hidden />
      {problem}{' '}
      <Link href="/admin" className="underline">
        {messages.viewDetails()}
      </Link>
    </p>
  )
}
