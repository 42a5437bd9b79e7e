import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/manifest'
import type { MetadataRoute } from 'next'

/** In the language of the request. */
export const dynamic = 'force-dynamic'

/** What a phone or desktop shows of the installed app. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Meanwhile',
    short_name: 'Meanwhile',
    description: commonMessages.tagline(),
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f9fafa',
    theme_color: '#f9fafa',
    categories: ['productivity', 'video'],
    icons: [
      { src: '/icons/192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
    share_target: {
      action: '/share-target',
      method: 'post',
      enctype: 'multipart/form-data',
      params: {
        title: 'title',
        text: 'text',
        url: 'url',
        files: [{ name: 'files', accept: ['video/*', 'audio/*'] }],
      },
    },
    shortcuts: [
      { name: messages.videos(), url: '/videos' },
      { name: messages.createMachine(), url: '/machines/new' },
      { name: messages.activity(), url: '/activity' },
    ],
  }
}
