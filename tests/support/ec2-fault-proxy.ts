import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request. */
type Ec2Fault =
  /** An answer of EC2 in place of the service's. */
  | { status: number; code: string }
  /** The service carries the request out, and the connection is reset instead of a response. */
  | { loseResponse: true }
  /** A successful answer of this XML in place of the service's. */
  | { answer: string }
  /** The answer of the service, changed. */
  | { change: (xml: string) => string }

interface Launch {
  /** The request without its signature. */
  request: string
  answer: Promise<{ status: number; body: string }>
}

/**
 * An HTTP proxy to moto that breaks requests, and adds what moto does not simulate of EC2: a request with a known ClientToken
 * launches nothing and has the answer of the first; keys for the serial console are accepted.
 */
export async function startEc2FaultProxy(endpoint: string) {
  const serialKeys: SerialKeys = new Map()
  const launches = new Map<string, Launch>()
  const actions: string[] = []
  let chooseFault: (action: string, parameters: URLSearchParams) => Ec2Fault | null = () => null

  const forward = async (body: string, headers: Record<string, string>) => {
    const response = await fetch(endpoint, { method: 'POST', body, headers })
    return { status: response.status, body: await response.text() }
  }
  const carryOut = (body: string, headers: Record<string, string>) => {
    const token = new URLSearchParams(body).get('ClientToken')
    const known = token && launches.get(token)
    if (known && known.request !== body)
      return Promise.resolve({ status: 400, body: errorXml('IdempotentParameterMismatch') })
    if (known) return known.answer
    const answer = forward(body, headers)
    if (token) launches.set(token, { request: body, answer })
    return answer
  }

  const server = createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const target = String(request.headers['x-amz-target'] ?? '').split('.')[1]
      const parameters = new URLSearchParams(target ? JSON.parse(body) : body)
      const action = target ?? parameters.get('Action') ?? ''
      actions.push(action)
      const fault = chooseFault(action, parameters)
      if (fault && 'status' in fault && target)
        return sendJson(response, fault.status, { __type: fault.code })
      if (fault && 'status' in fault)
        return send(response, { status: fault.status, body: errorXml(fault.code) })
      if (target) return takeSerialKey(response, parameters, serialKeys)
      if (fault && 'answer' in fault) return send(response, { status: 200, body: fault.answer })
      const { authorization = '', 'content-type': type = '' } = request.headers
      const answer = await carryOut(body, { authorization, 'content-type': type })
      if (fault && 'loseResponse' in fault) return void request.socket.resetAndDestroy()
      send(response, fault ? { ...answer, body: fault.change(answer.body) } : answer)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Of all requests so far. */
    actions,
    serialKeys,
    /** Applies to requests that begin from now on. */
    setFault: (choose: typeof chooseFault) => void (chooseFault = choose),
    close: () => (server.closeAllConnections(), server.close()),
  }
}

/** The keys that the serial console admits, by instance. */
export type SerialKeys = Map<string, { publicKey: string; at: number }>

/** EC2 Instance Connect, which speaks JSON. Of its actions, moto lacks this one. */
function takeSerialKey(response: ServerResponse, parameters: URLSearchParams, keys: SerialKeys) {
  keys.set(parameters.get('InstanceId')!, { publicKey: parameters.get('SSHPublicKey')!, at: Date.now() })
  sendJson(response, 200, { RequestId: '1', Success: true })
}

function sendJson(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(body))
}

/** What EC2 answers while it does not list a new instance. */
export const NO_INSTANCES =
  '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><reservationSet/></DescribeInstancesResponse>'

export const consoleAnswer = (text: string) =>
  `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>i-1</instanceId><timestamp>2026-11-30T12:00:00.000Z</timestamp><output>${Buffer.from(text).toString('base64')}</output></GetConsoleOutputResponse>`

const errorXml = (code: string) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>${code}</Message></Error></Errors><RequestID>1</RequestID></Response>`

function send(response: ServerResponse, { status, body }: { status: number; body: string }) {
  response.writeHead(status, { 'content-type': 'text/xml' })
  response.end(body)
}
