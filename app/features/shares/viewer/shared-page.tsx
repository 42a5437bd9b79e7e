'use client'

import { Logo } from '@/app/shell/logo'
import { PageFooter } from '@/app/shell/page-footer'
import { Toaster } from '@/app/ui/toaster'
import * as messages from '@/lib/generated/messages/shared-links'
import type { OpenedLink } from './open-link'
import { LinkNotFound } from './link-not-found'
import { PasswordForm } from './password-form'
import { SharedMachine } from './shared-machine'
import { SharedPlaylist } from './shared-playlist'
import { SharedVideo } from './shared-video'
import { useOpenedLink } from './use-opened-link'

export interface SharedPageProps {
  token: string
  /** `locked` until the viewer has entered the password. */
  opened: OpenedLink | 'locked'
  startSeconds: number
  /** Of a playlist. Default: its first video. */
  startVideoId?: string
}

/** The page of a link, for viewers without an account. */
export function SharedPage({ token, opened, startSeconds, startVideoId }: SharedPageProps) {
  const { link, setLink } = useOpenedLink({ token, opened })
  if (link === 'gone') return <LinkNotFound />
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto flex w-full max-w-5xl grow flex-col px-4 py-4 sm:px-6 sm:py-8">
        {link === 'locked' ? (
          <PasswordForm token={token} onOpen={setLink} />
        ) : 'machineName' in link ? (
          <SharedMachine machine={link} />
        ) : 'playlistName' in link ? (
          <SharedPlaylist token={token} playlist={link} startVideoId={startVideoId} />
        ) : (
          <SharedVideo token={token} video={link} startSeconds={startSeconds} />
        )}
      </main>
      <PageFooter>
        <span className="flex items-center gap-2 py-2">
          <Logo /> {messages.sharedWith()}
        </span>
      </PageFooter>
      <Toaster />
    </div>
  )
}
