import { Logo } from '@/app/shell/logo'
import * as messages from '@/lib/generated/messages/shared-links'

/** For a link that is unknown, revoked or expired. It does not say which. */
export function LinkNotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-2 px-5 py-10">
      <Logo />
      <h1 className="mt-2 text-xl font-semibold">{messages.notFound()}</h1>
      <p className="text-muted-foreground">{messages.notFoundHint()}</p>
    </main>
  )
}
