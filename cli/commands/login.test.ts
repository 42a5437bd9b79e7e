import { expect, it } from 'vitest'
import { isReadableOnTheWay } from './login'

it.each([
  ['http://example.com', true],
  ['http://192.168.1.5:3000', true],
  ['http://127.0.0.1.example.com', true],
  ['http://localhost.example.com', true],
  ['https://example.com', false],
  ['http://localhost:3000', false],
  ['http://127.0.0.1:3000', false],
  ['http://[::1]:3000', false],
])('warns that a key sent to %s can be read: %s', (url, expected) =>
  expect(isReadableOnTheWay(new URL(url))).toBe(expected),
)
