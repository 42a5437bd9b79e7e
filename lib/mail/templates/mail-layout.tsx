import type { ReactNode } from 'react'
import { Body, Button, Container, Head, Html, Link, Preview, Section, Text } from 'react-email'
import { getLocale, getTextDirection } from '@/lib/i18n/locale'
import * as messages from '@/lib/generated/messages/mail'
import { colors, fontFamily, styleSheet } from './theme'

interface Props {
  /** Shown by mail clients after the subject. */
  preview: string
  title: string
  children: ReactNode
  action?: { href: string; name: string }
  /** Why the recipient receives this mail, shown below the card. */
  reason: ReactNode
}

/** The layout of every mail. */
export function MailLayout({ preview, title, children, action, reason }: Props) {
  const locale = getLocale()
  return (
    <Html lang={locale} dir={getTextDirection(locale)}>
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style dangerouslySetInnerHTML={{ __html: styleSheet }} />
      </Head>
      <Preview>{preview}</Preview>
      {/* The section sets the page color: Body would set it twice, once where no class applies. */}
      <Body className="page" style={{ fontFamily: fontFamily, margin: 0 }}>
        <Section className="page" style={{ backgroundColor: colors.page }}>
          <Container style={{ maxWidth: 520, padding: '28px 16px' }}>
            <Text
              className="text"
              style={{ ...textStyle, fontSize: 16, fontWeight: 600, margin: '0 0 16px' }}
            >
              <Logo /> Meanwhile
            </Text>
            <Section
              className="card"
              style={{
                backgroundColor: colors.card,
                border: `1px solid ${colors.border}`,
                borderRadius: 12,
                padding: '24px',
              }}
            >
              <Text
                role="heading"
                aria-level={1}
                className="text"
                style={{
                  ...textStyle,
                  fontSize: 20,
                  lineHeight: '28px',
                  fontWeight: 600,
                  margin: '0 0 8px',
                  overflowWrap: 'anywhere',
                }}
              >
                {title}
              </Text>
              {children}
              {action && (
                <Button className="button" href={action.href} style={buttonStyle}>
                  {action.name}
                </Button>
              )}
            </Section>
            <Text
              className="muted"
              style={{ ...mutedStyle, fontSize: 12, lineHeight: '18px', margin: '16px 0 0' }}
            >
              {reason}
            </Text>
          </Container>
        </Section>
      </Body>
    </Html>
  )
}

/** An hourglass of two triangle characters, which every font contains. */
function Logo() {
  const half = { color: colors.accent, display: 'block', fontSize: 10, lineHeight: '8px' }
  return (
    <span aria-hidden data-skip-in-text="true" style={{ display: 'inline-block', verticalAlign: 'middle' }}>
      <span className="mark" style={half}>
        ▼
      </span>
      <span className="mark" style={half}>
        ▲
      </span>
    </span>
  )
}

const textStyle = { color: colors.text, fontFamily: fontFamily }
const mutedStyle = { color: colors.muted, fontFamily: fontFamily }
const buttonStyle = {
  backgroundColor: colors.accent,
  color: colors.onAccent,
  borderRadius: 8,
  fontSize: 14,
  fontWeight: 600,
  padding: '10px 16px',
  marginTop: 16,
}

export function Paragraph({ children, isFailed = false }: { children: ReactNode; isFailed?: boolean }) {
  const color = isFailed ? colors.failed : colors.muted
  return (
    <Text
      className={isFailed ? 'failed' : 'muted'}
      style={{
        ...mutedStyle,
        color,
        fontSize: 14,
        lineHeight: '21px',
        margin: '0 0 4px',
        overflowWrap: 'anywhere',
      }}
    >
      {children}
    </Text>
  )
}

export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="mark" style={{ color: colors.accent, textDecoration: 'underline' }}>
      {children}
    </Link>
  )
}

/** Why a notification was sent, with a link to the settings. */
export const NotificationReason = ({ publicUrl }: { publicUrl: string }) =>
  messages.notificationReason({
    link: (children) => <TextLink href={`${publicUrl}/account#notifications`}>{children}</TextLink>,
  })
