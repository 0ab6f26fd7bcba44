// A provider with a script: between a member and its provider, it passes everything on, but for what a check wants otherwise.
import http from 'node:http'

export class ScriptedProvider {
  /** What was asked since the last script: {kind, form, answer} */
  asked = []
  #script = {}

  /** @param target where the provider is */
  static async listen (port, target) {
    const provider = new ScriptedProvider()
    provider.target = new URL(target)
    provider.server = http.createServer((request, response) => provider.#handle(request, response).catch(() => request.socket.destroy()))
    await new Promise((resolve, reject) => provider.server.once('error', reject).listen(port, '127.0.0.1', resolve))
    return provider
  }

  /**
   * @param script by kind of question (code, refresh, logout) a function of (form, pass) that returns {status, headers, body}, a body's
   *     object being sent as JSON, or throws: the connection breaks. `pass()` asks the provider itself
   */
  async during (script, work) {
    this.asked = []
    this.#script = script
    try { return await work() } finally { this.#script = {} }
  }

  count (kind) { return this.asked.filter((asked) => asked.kind === kind).length }

  async #handle (request, response) {
    const parts = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts), form = Object.fromEntries(new URLSearchParams(body.toString())), kind = kindOf(request, form)
    const pass = () => this.#pass(request, body), scripted = this.#script[kind], asked = { kind, form }
    if (kind) this.asked.push(asked)
    const answer = scripted ? await scripted(form, pass) : await pass()
    asked.answer = answer
    const text = Buffer.isBuffer(answer.body) || typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {})
    const { 'transfer-encoding': chunked, 'content-length': length, connection, ...headers } = answer.headers ?? { 'content-type': 'application/json' }
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text)
  }

  #pass ({ method, url, headers: { connection, upgrade, 'http2-settings': settings, ...headers } }, body) {
    return new Promise((resolve, reject) => {
      const asked = http.request(new URL(url, this.target), { method, headers }, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part)).on('error', reject)
          .on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }))
      })
      asked.on('error', reject).end(body)
    })
  }

  close () {
    this.server.closeAllConnections?.()
    this.server.close()
  }
}

function kindOf ({ method, url }, { grant_type: grant }) {
  if (method !== 'POST') return undefined
  if (/\/logout$/.test(url)) return 'logout'
  return { refresh_token: 'refresh', authorization_code: 'code' }[grant]
}

/** The provider's own answer, changed. @param change of its JSON */
export const changed = (change) => async (form, pass) => {
  const answer = await pass(), json = JSON.parse(answer.body)
  change(json)
  return { ...answer, body: json }
}

/** A token whose claims are others; its signature is not right any more. */
export function forged (jwt, change) {
  const [head, claims, signature] = jwt.split('.')
  const all = JSON.parse(Buffer.from(claims, 'base64url'))
  change(all)
  return [head, Buffer.from(JSON.stringify(all)).toString('base64url'), signature].join('.')
}
