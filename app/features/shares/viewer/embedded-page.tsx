'use client'

import { EmbeddedPlaylist } from './embedded-playlist'
import { EmbeddedVideo } from './embedded-video'
import { LinkNotFound } from './link-not-found'
import { PasswordForm } from './password-form'
import type { SharedPageProps } from './shared-page'
import { useOpenedLink } from './use-opened-link'

/** A link in a frame of another site: the player alone. */
export function EmbeddedPage({ token, opened, startSeconds }: Omit<SharedPageProps, 'startVideoId'>) {
  const { link, setLink } = useOpenedLink({ token, opened })
  // Consoles are not embedded.
  if (link === 'gone' || (link !== 'locked' && 'machineName' in link)) return <LinkNotFound />
  return (
    <main className="min-h-dvh">
      {link === 'locked' ? (
        <div className="flex min-h-dvh px-5">
          <PasswordForm token={token} onOpen={setLink} />
        </div>
      ) : 'playlistName' in link ? (
        <EmbeddedPlaylist token={token} playlist={link} />
      ) : (
        <EmbeddedVideo token={token} video={link} startSeconds={startSeconds} />
      )}
    </main>
  )
}
