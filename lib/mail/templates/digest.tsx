import { Section } from 'react-email'
import type { ContentOf } from '../content'
import { hasFailed, outcomeTitle } from '../words'
import { Letter, Paragraph, Switches, TextLink } from './letter'

export function DigestMail({ items, more, href, publicUrl }: ContentOf<'digest'> & { publicUrl: string }) {
  return (
    <Letter
      preview={items.map(({ event, title }) => outcomeTitle(event, title)).join(', ')}
      title={`${items.length + more} things are finished`}
      action={{ href, name: 'See all of it' }}
      why={<Switches publicUrl={publicUrl} />}
    >
      {items.map((item) => (
        <Section key={item.href + item.event} style={{ margin: '10px 0 0' }}>
          <Paragraph>
            {hasFailed(item.event) ? '✕' : '✓'}{' '}
            <TextLink href={item.href}>{outcomeTitle(item.event, item.title)}</TextLink>
          </Paragraph>
          {item.detail && <Paragraph isFailed={hasFailed(item.event)}>{item.detail}</Paragraph>}
        </Section>
      ))}
      {more > 0 && <Paragraph>And {more} more.</Paragraph>}
    </Letter>
  )
}
