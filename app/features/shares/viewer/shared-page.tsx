'use client'

import { useState } from 'react'
import { Logo } from '@/app/shell/logo'
import type { OpenedLink } from './open-link'
import { PasswordForm } from './password-form'
import { SharedMachine } from './shared-machine'
import { SharedVideo } from './shared-video'

export interface SharedPageProps {
  token: string
  /** `locked` until the viewer has entered the password. */
  opened: OpenedLink | 'locked'
  startSeconds: number
}

/** The page of a link, for viewers without an account. */
export function SharedPage({ token, opened, startSeconds }: SharedPageProps) {
  const [unlocked, setUnlocked] = useState<OpenedLink>()
  const shown = opened === 'locked' ? unlocked : opened
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto flex w-full max-w-5xl grow flex-col px-4 py-4 sm:px-6 sm:py-8">
        {!shown ? (
          <PasswordForm token={token} onOpen={setUnlocked} />
        ) : 'machineName' in shown ? (
          <SharedMachine machine={shown} />
        ) : (
          <SharedVideo token={token} video={shown} startSeconds={startSeconds} />
        )}
      </main>
      <footer className="mx-auto flex items-center gap-2 px-4 py-6 text-sm text-muted-foreground">
        <Logo /> Shared with Meanwhile
      </footer>
    </div>
  )
}
