import { expect, it } from 'vitest'
import { classifyReply } from './classify-reply'

const error = (fields: object) => Object.assign(new Error('wrong'), fields)
const reply = (command: string, response: string) => {
  const responseCode = Number(response.slice(0, 3))
  const code = command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE'
  return error({ command, response, responseCode, code })
}

it.each([
  ['an unknown address', reply('RCPT TO', '550 5.1.1 no such user'), 'recipient'],
  ['a disabled address', reply('RCPT TO', '550 5.2.1 disabled'), 'recipient'],
  ['an unknown address without enhanced code', reply('RCPT TO', '550 no'), 'recipient'],
  ['a full mailbox', reply('RCPT TO', '552 5.2.2 mailbox full'), 'message'],
  ['a sender blocked by policy', reply('RCPT TO', '550 5.7.1 relaying denied'), 'message'],
  ['a sender address that is not allowed', reply('MAIL FROM', '553 5.7.1 not yours'), 'message'],
  ['the content of the mail', reply('DATA', '554 5.6.0 no'), 'message'],
  ['an address temporarily', reply('RCPT TO', '451 4.7.1 greylisted'), 'later'],
  ['the mail temporarily', reply('DATA', '452 4.3.1 no space'), 'later'],
  ['a connection while busy', reply('RCPT TO', '421 4.3.2 shutting down'), 'service'],
  [
    'every connection',
    error({ code: 'EPROTOCOL', command: 'CONN', responseCode: 554, response: '554 go' }),
    'service',
  ],
  ['the credentials', error({ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }), 'service'],
  ['a connection', error({ code: 'ESOCKET', command: 'CONN' }), 'service'],
  ['a TLS connection', error({ code: 'ETLS', command: 'STARTTLS' }), 'service'],
])('classifies the rejection of %s', (_what, error, reason) => {
  expect(classifyReply(error, { isTransmitted: false }).reason).toBe(reason)
})

it('reports an unknown outcome when the connection broke after the last byte', () => {
  expect(classifyReply(error({ code: 'ESOCKET', command: 'CONN' }), { isTransmitted: true }).reason).toBe(
    'unknown',
  )
  expect(classifyReply(error({ code: 'ETIMEDOUT', command: 'CONN' }), { isTransmitted: true }).reason).toBe(
    'unknown',
  )
  expect(classifyReply(reply('DATA', '554 no'), { isTransmitted: true }).reason).toBe('message')
})
