import { toPlainText } from 'react-email'
import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { renderMail } from './render'
import { createSampleMails } from './samples'
import { formatSubject } from './subject'

const publicUrl = 'https://meanwhile.example'

it.each(createSampleMails().map((mail) => [formatSubject(mail), mail] as const))(
  'renders “%s” as HTML with dark mode and as text with the same links',
  async (_subject, mail) => {
    const { html, text } = await renderMail(mail, publicUrl)
    expect(html).toContain('prefers-color-scheme:dark')
    expect(text).toContain('Meanwhile')
    expect(text).not.toMatch(/[{}]|prefers-color-scheme|undefined|null/)
    for (const [, href] of html.matchAll(/href="([^"]+)"/g)) expect(text).toContain(href)
  },
)

it.each(['en', 'de'] as const)(
  'converts HTML to the text that html-to-text makes of it, in %s',
  async (locale) => {
    const mails = await runWithLocale(locale, () =>
      Promise.all(createSampleMails().map((mail) => renderMail(mail, publicUrl))),
    )
    expect(mails.map(({ text }) => text)).toEqual(mails.map(({ html }) => toPlainText(html)))
  },
)

it('renders mails in the language of the scope', async () => {
  const mails = createSampleMails()
  const rendered = await runWithLocale('de', () =>
    Promise.all(mails.map((mail) => renderMail(mail, publicUrl))),
  )
  for (const { html } of rendered) {
    expect(html).toContain('lang="de"')
    expect(html).toContain('Sie erhalten diese Nachricht')
    expect(html).not.toMatch(/You received|Manage notifications|View |Hello/)
  }
})

it('counts the tasks of a digest in its subject', () => {
  const item = { title: 'a', href: publicUrl, detail: null }
  const digest = (more: number, events: ('video.ready' | 'video.failed')[]) => {
    const items = events.map((event) => ({ ...item, event }))
    return formatSubject({ template: 'digest', data: { items, more, href: publicUrl } })
  }
  expect(digest(3, ['video.ready', 'video.failed'])).toBe('5 tasks finished, 1 failed')
  expect(digest(0, ['video.ready', 'video.ready'])).toBe('2 tasks finished')
})

it('escapes user text in HTML but not in plain text', async () => {
  const title = '<img src=x onerror=alert(1)> & "Söhne"'
  const data = { event: 'video.ready', title, href: publicUrl, detail: '</p><script>1</script>' } as const
  const { html, text } = await renderMail({ template: 'outcome', data }, publicUrl)
  expect(html).not.toMatch(/<img|<script/)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Söhne&quot; is ready')
  expect(text).toContain(title)
  expect(text).toBe(toPlainText(html))
})

it('formats a subject as one line', () => {
  const data = {
    event: 'video.ready',
    title: 'a\r\nBcc: b@c.de\u2028x',
    href: publicUrl,
    detail: null,
  } as const
  expect(formatSubject({ template: 'outcome', data })).not.toMatch(/[\r\n]/)
})
