import * as messages from '@/lib/generated/messages/mail'
import { config } from '../config/config'
import type { ContentOf, MailContent } from './content'
import { type MailEvent, mailEventNames } from '../notifications/events'

/** A sample of every mail, for the preview page. */
export function createSampleMails(): MailContent[] {
  const { publicUrl } = config()
  const outcome = (event: MailEvent, title: string, detail: string | null = null): ContentOf<'outcome'> => ({
    event,
    title,
    detail,
    href: `${publicUrl}/activity`,
  })
  const outcomes: Record<MailEvent, ContentOf<'outcome'>> = {
    'machine.ordered': outcome('machine.ordered', 'build-box'),
    'machine.ready': outcome('machine.ready', 'build-box'),
    'machine.failed': outcome('machine.failed', 'build-box', 'The disk of this host is full.'),
    'machine.stopped': outcome('machine.stopped', 'build-box', 'Its time to live expired.'),
    'video.ready': outcome('video.ready', 'Harbour at dusk', '12:04'),
    'video.failed': outcome('video.failed', 'scan0', 'The file could not be read: it is truncated.'),
    'captions.ready': outcome('captions.ready', 'Harbour at dusk'),
    'archive.ready': outcome('archive.ready', '3 videos'),
    'archive.imported': outcome('archive.imported', '3 videos'),
    'archive.failed': outcome('archive.failed', 'The archive of 3 videos', 'The storage is full.'),
    'export.ready': outcome('export.ready', 'Your data export'),
    'webhook.failed': outcome(
      'webhook.failed',
      'ci.example.org',
      'No delivery succeeded for three days. Last error: The endpoint responded with 500.',
    ),
  }
  const link = { name: 'Ada', href: `${publicUrl}/sign-in` }
  return [
    {
      template: 'order',
      data: {
        number: 1042,
        machine: 'build-box',
        href: `${publicUrl}/machines`,
        facts: [
          [messages.image(), 'tiny'],
          [messages.size(), 'small · 1 CPU · 512 MiB memory · 4 GiB disk'],
          [messages.network(), messages.networkOutbound()],
        ],
      },
    },
    // Orders are confirmed with the `order` template.
    ...mailEventNames
      .filter((event) => event !== 'machine.ordered')
      .map((event) => ({ template: 'outcome', data: outcomes[event] }) as const),
    {
      template: 'digest',
      data: {
        items: [outcomes['video.ready'], outcomes['machine.ready'], outcomes['video.failed']],
        more: 4,
        href: publicUrl,
      },
    },
    { template: 'verify', data: link },
    { template: 'reset', data: link },
    { template: 'change-email', data: link },
    { template: 'exists', data: link },
    {
      template: 'security',
      data: {
        ...link,
        event: 'signed_in',
        facts: [
          ['Device', 'Firefox on Linux'],
          ['Address', '203.0.113.7'],
          ['Time', '2026-11-28 14:05 UTC'],
        ],
      },
    },
    { template: 'test', data: { href: `${publicUrl}/admin/mail` } },
  ]
}
