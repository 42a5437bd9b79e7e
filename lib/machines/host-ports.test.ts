import { expect, it } from 'vitest'
import { readConfig } from '../config/config'
import { findForwardingProblem, readForwardablePorts } from './host-ports'

const readPorts = (env: Record<string, string>, listenerPort?: number) =>
  readForwardablePorts(readConfig(env), listenerPort)

it('forwards only ports between 20000 and 29999 by default', () => {
  const ports = readPorts({})
  expect(
    [1_024, 3_000, 5_432, 19_999, 30_000, 65_535].map((port) => findForwardingProblem(port, ports)),
  ).toEqual(Array.from({ length: 6 }, () => expect.stringContaining('outside the range')))
  expect([20_000, 29_999].map((port) => findForwardingProblem(port, ports))).toEqual([null, null])
})

it('never forwards a port of the app, even if the range covers it', () => {
  const ports = readPorts(
    {
      MACHINE_PORT_RANGE: '1024-65535',
      PORT: '3001',
      DATABASE_URL: 'postgres://localhost/x',
      PUBLIC_URL: 'https://example.com:8443',
      MACHINE_HOST_LISTEN: '10.0.0.5:7000',
      MACHINE_HOST_URL: 'http://host:7001',
    },
    40_001,
  )
  for (const port of [3_001, 5_432, 8_443, 7_000, 7_001, 40_001])
    expect(findForwardingProblem(port, ports)).toContain('belongs to the app')
  expect(findForwardingProblem(7_002, ports)).toBeNull()
})

it.each(['80-100', '3000', '30000-20000', '20000-70000'])('rejects the range %s', (range) => {
  expect(() => readPorts({ MACHINE_PORT_RANGE: range })).toThrow('MACHINE_PORT_RANGE')
})
